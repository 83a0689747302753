"""How does a system run fast? A compiled loop over its events, which stops only for numbers, room or a change."""

from __future__ import annotations

from math import inf

from apps.simulator.calls.compiled.agenda import (
    AGAIN,
    ALARM,
    ANSWER,
    ARRIVE,
    CHANGE,
    FINISH,
    HEDGE,
    KINDS,
    NOTICE,
    REACH,
    SETTLE,
    TIMEOUT,
    failures_at,
    take,
)  # fmt: skip
from apps.simulator.calls.compiled.asking import arrive, call_on, end_try, free_calling, is_wanted, settle, try_it
from apps.simulator.calls.compiled.counting import cut
from apps.simulator.calls.compiled.records import NOBODY
from apps.simulator.calls.compiled.serving import answer, is_awaited, reach, release, take_next
from apps.simulator.calls.compiled.timing import go_off
from apps.simulator.calls.story_attempt import SERVED
from apps.simulator.compiled.heap import pop
from apps.simulator.compiled.jit import inner, loop

DONE, DRAW, GROW, CHANGING = range(4)


@inner
def is_void(w, kind, about, number):  # type: ignore[no-untyped-def]
    """Return whether an event was cancelled."""
    if kind == FINISH:
        return w.attempts[about].end_of_work != number
    if kind == TIMEOUT:
        return w.callings[about].timeout != number
    return kind == HEDGE and w.callings[about].hedge != number


@inner
def fails(w, replica):  # type: ignore[no-untyped-def]
    """Return whether served work ends in an error."""
    return replica.fails > 0 and take(w, failures_at(replica.service)) < replica.fails


@inner
def hear(w, slot):  # type: ignore[no-untyped-def]
    """Let an answer come back, and free its slot; returns the call whose try it ends, or NOBODY."""
    it, attempt = w.it[0], w.attempts[slot]
    calling, ended = w.callings[attempt.calling], NOBODY
    if is_awaited(w, attempt):
        calling.unanswered -= 1
        if attempt.ok or calling.unanswered == 0:
            ended = attempt.calling
    attempt.serial, attempt.after = NOBODY, it.free_attempt
    it.free_attempt = slot
    it.attempts -= 1
    return ended


@inner
def notice(w, about):  # type: ignore[no-untyped-def]
    """Let a balancer know whether a replica is up, unless that has changed again meanwhile."""
    replica, up = w.replicas[about // 2], about % 2
    if replica.there == up and replica.up != up:
        replica.up = up
        w.services[replica.service].up += 1 if up else -1


@inner
def happen(w, kind, about):  # type: ignore[no-untyped-def]
    """Carry out an event. Each step stands here once, so that the loop stays short: what an event leads to is handed
    down from one step to the next, in the order in which the story calls them."""
    ended = settled = onward = finished = leaving = trying = freed = NOBODY
    ok = 0
    if kind == ARRIVE:
        trying = arrive(w)
    elif kind == REACH:
        finished = NOBODY if reach(w, about) else about
    elif kind == FINISH:
        attempt = w.attempts[about]
        freed, replica = attempt.replica, w.replicas[attempt.replica]
        attempt.end_of_work = NOBODY
        if fails(w, replica):
            finished = about
        else:
            onward, ok = about, 1
            leaving = NOBODY if replica.holds else about
    elif kind == ANSWER:
        ok = w.attempts[about].ok
        ended = hear(w, about)
    elif kind == HEDGE:
        w.callings[about].hedge = NOBODY
        trying = about
    elif kind == AGAIN:
        if is_wanted(w, w.callings[about]):
            trying = about
        else:
            free_calling(w, about)
    elif kind == SETTLE:
        settled = about
    elif kind == NOTICE:
        notice(w, about)
    else:  # TIMEOUT, UNSENT
        ended = about
    follow(w, ended, settled, onward, finished, leaving, trying, freed, ok, kind == HEDGE)


@inner
def follow(w, ended, settled, onward, finished, leaving, trying, freed, ok, hedged):  # type: ignore[no-untyped-def]
    """Carry out what follows from an event."""
    if ended != NOBODY and end_try(w, ended, ok):
        settled = ended
    if settled != NOBODY:
        heard, broken = settle(w, settled, ok)
        if heard != NOBODY:
            freed, ok = w.attempts[heard].replica, 0 if broken else 1
            if broken:
                finished = heard
            elif w.attempts[heard].pending == 0:
                onward = heard
    if onward != NOBODY:
        trying = call_on(w, onward)
        if trying == NOBODY:
            finished = onward
    if finished != NOBODY and w.attempts[finished].state == SERVED:
        leaving = finished
    if leaving != NOBODY:
        release(w, leaving, ok)
    while trying != NOBODY:
        following = w.callings[trying].after
        w.callings[trying].after = NOBODY
        try_it(w, trying, hedged)
        trying = following
    if finished != NOBODY:
        answer(w, finished, ok)
    if freed != NOBODY:
        take_next(w, freed)


@inner
def is_short_of_room(w):  # type: ignore[no-untyped-def]
    """Return whether the next event might not find room for all that it adds: an event for everybody inside at most."""
    it = w.it[0]
    events = it.attempts + it.spare
    return (
        it.attempts + it.spare > len(w.attempts)
        or it.callings + it.spare > len(w.callings)
        or it.events + events > len(w.at)
        or it.ring_count + events > len(w.ring)
    )


@loop
def advance(w):  # type: ignore[no-untyped-def]
    """Carry out events until the span is over, numbers or room run short, or a change is due (its number is in
    `changing`)."""
    it = w.it[0]
    while not it.stopped:
        if it.short:
            return DRAW
        if is_short_of_room(w):
            return GROW
        time = it.now
        if it.ring_count > 0 and not (it.events > 0 and w.at[0] <= time):
            entry = w.ring[it.ring_head]
            number, what = entry.number, entry.what
            it.ring_head = (it.ring_head + 1) & (len(w.ring) - 1)
            it.ring_count -= 1
        else:
            if it.events == 0 or w.at[0] > it.until or w.at[0] == inf:
                return DONE
            time, number, what = w.at[0], w.number[0], w.what[0]
            pop(w.at, w.number, w.what, it.events)
            it.events -= 1
        kind, about = what % KINDS, what // KINDS
        if kind == ALARM:
            what = go_off(w, about, number)
            if what == NOBODY:
                continue
            kind, about = what % KINDS, what // KINDS
        elif is_void(w, kind, about, number):
            continue
        it.now = time
        while time >= it.edge:
            cut(w)
        if kind == CHANGE:
            it.changing = about
            return CHANGING
        happen(w, kind, about)
    return DONE
