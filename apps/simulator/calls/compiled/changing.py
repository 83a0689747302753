"""What changes while a compiled system runs? The steps of `story_changes`, one replica at a time."""

from __future__ import annotations

from math import inf

from apps.simulator.calls.compiled.agenda import NOTICE, plan
from apps.simulator.calls.compiled.counting import crowd, put_down_areas, write
from apps.simulator.calls.compiled.records import NOBODY
from apps.simulator.calls.compiled.serving import answer, work_on
from apps.simulator.calls.story_attempt import AWAY, SERVED
from apps.simulator.calls.story_replica import FAILED
from apps.simulator.compiled.jit import inner, loop


@inner
def be_there(w, number, there):  # type: ignore[no-untyped-def]
    """Let the servers of a replica come or go."""
    replica = w.replicas[number]
    replica.there = there
    put_down_areas(w, w.it[0].now)
    w.services[replica.service].there += replica.servers if there else -replica.servers


@inner
def lose(w, slot):  # type: ignore[no-untyped-def]
    """Let an attempt fail because its replica is gone."""
    attempt = w.attempts[slot]
    replica, served = w.replicas[attempt.replica], attempt.state == SERVED
    attempt.end_of_work = NOBODY
    if attempt.state != AWAY:
        crowd(w, replica.service, 0 if served else -1, -1 if served else 0)
        write(w, attempt.row, attempt.began if served else inf, FAILED)
    if served:
        replica.busy -= 1
    answer(w, slot, 0)


@inner
def change_speed(w, number, inside, speed):  # type: ignore[no-untyped-def]
    """Let a replica work at another speed from now on, at what is being served too."""
    replica = w.replicas[number]
    before, replica.speed = replica.speed, speed
    for slot in inside:
        attempt = w.attempts[slot]
        if attempt.state == SERVED and attempt.pending == 0:
            attempt.left = max(0.0, attempt.left - (w.it[0].now - attempt.since) * before)
            work_on(w, slot)


@loop
def change(w, number, inside, gone, speed, noticed_s):  # type: ignore[no-untyped-def]
    """Change a replica; `inside` are the slots of those who came and are not answered, in the order of their coming."""
    it, replica = w.it[0], w.replicas[number]
    if gone:
        if replica.there:
            be_there(w, number, 0)
            for slot in inside:
                lose(w, slot)
            replica.waiting = 0
        plan(w, it.now + noticed_s, NOTICE, 2 * number)
    elif replica.there or speed > 0:
        if not replica.there:
            be_there(w, number, 1)
            plan(w, it.now + noticed_s, NOTICE, 2 * number + 1)
        change_speed(w, number, inside, replica.own_speed * speed)
