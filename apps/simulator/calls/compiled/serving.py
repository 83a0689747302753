"""What happens at a replica in the compiled loop? The steps of `Replica` and `Attempt`."""

from __future__ import annotations

from math import inf

from apps.simulator.calls.compiled.agenda import ANSWER, FINISH, plan, take, work_at
from apps.simulator.calls.compiled.counting import come, crowd, serve, write
from apps.simulator.calls.compiled.records import NOBODY
from apps.simulator.calls.story_attempt import ANSWERED, AWAY, SERVED, WAITING
from apps.simulator.calls.story_replica import FAILED, LATE, OK, REFUSED, TIMEOUT
from apps.simulator.compiled.jit import inner


@inner
def is_awaited(w, attempt):  # type: ignore[no-untyped-def]
    """Return whether the caller still waits for this very attempt."""
    calling = w.callings[attempt.calling]
    mine = calling.serial == attempt.calling_serial and calling.tries == attempt.try_number
    return mine and calling.waits


@inner
def answer(w, slot, ok):  # type: ignore[no-untyped-def]
    """Send the answer of an attempt on its way."""
    attempt = w.attempts[slot]
    attempt.state, attempt.ok = ANSWERED, ok
    w.replicas[attempt.replica].open -= 1
    plan(w, w.it[0].now + w.it[0].latency, ANSWER, slot)


@inner
def work_on(w, slot):  # type: ignore[no-untyped-def]
    """Plan the end of an attempt's own work, unless the replica stands still."""
    attempt = w.attempts[slot]
    attempt.since, attempt.end_of_work = w.it[0].now, NOBODY
    speed = w.replicas[attempt.replica].speed
    if speed > 0:
        attempt.end_of_work = plan(w, w.it[0].now + attempt.left / speed, FINISH, slot)


@inner
def begin(w, slot):  # type: ignore[no-untyped-def]
    """Serve an attempt, and return True; or drop it, which still has to be answered, and return False."""
    attempt = w.attempts[slot]
    replica, now = w.replicas[attempt.replica], w.it[0].now
    if replica.drops and now >= attempt.expires:
        write(w, attempt.row, inf, TIMEOUT)
        return False
    attempt.state, attempt.began = SERVED, now
    replica.busy += 1
    crowd(w, replica.service, 0, 1)
    work_on(w, slot)
    return True


@inner
def line_up(w, slot):  # type: ignore[no-untyped-def]
    """Put an attempt into the waiting line of its replica."""
    attempt = w.attempts[slot]
    replica = w.replicas[attempt.replica]
    attempt.state, attempt.after = WAITING, NOBODY
    if replica.waiting == 0:
        replica.head = slot
        replica.tail = slot
    elif replica.lifo:
        attempt.after = replica.head
        replica.head = slot
    else:
        w.attempts[replica.tail].after = slot
        replica.tail = slot
    replica.waiting += 1
    crowd(w, replica.service, 1, 0)


@inner
def reach(w, slot):  # type: ignore[no-untyped-def]
    """Let an attempt come to its replica; returns False if it is refused or dropped, and still has to be answered."""
    it, attempt = w.it[0], w.attempts[slot]
    replica = w.replicas[attempt.replica]
    place = replica.service
    attempt.came = it.now
    attempt.left = take(w, work_at(place))
    attempt.row = come(w, place, replica.number, attempt.request, attempt.number)
    if not replica.there or replica.busy + replica.waiting >= replica.room:
        if it.batch >= 0:
            w.by_service[place, it.batch].refused += 1
        write(w, attempt.row, inf, REFUSED)
        return False
    attempt.entered = it.entered
    it.entered += 1
    if replica.busy < replica.servers:
        return begin(w, slot)
    line_up(w, slot)
    return True


@inner
def take_next(w, number):  # type: ignore[no-untyped-def]
    """Let free servers of a replica take who is next."""
    replica = w.replicas[number]
    while replica.waiting > 0 and replica.busy < replica.servers:
        slot = replica.head
        replica.head = w.attempts[slot].after
        replica.waiting -= 1
        crowd(w, replica.service, -1, 0)
        if not begin(w, slot):
            answer(w, slot, 0)


@inner
def release(w, slot, ok):  # type: ignore[no-untyped-def]
    """Free the server of an attempt."""
    attempt = w.attempts[slot]
    replica = w.replicas[attempt.replica]
    attempt.state = AWAY
    replica.busy -= 1
    crowd(w, replica.service, 0, -1)
    serve(w, replica.service, attempt.replica, attempt.came, attempt.began)
    fate = OK if ok else FAILED
    if not is_awaited(w, attempt):
        if w.it[0].batch >= 0:
            w.by_service[replica.service, w.it[0].batch].wasted += 1
        fate = LATE
    write(w, attempt.row, attempt.began, fate)
