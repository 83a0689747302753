"""What happens next? A heap of events to come, and a ring of those of this very moment, in the order of the kernel.

An event that was planned for a moment before it came has a lower number than whatever is planned at that moment: so
the heap goes first, and the ring needs no order of its own.
"""

from __future__ import annotations

from apps.simulator.compiled.heap import push
from apps.simulator.compiled.jit import inner

ARRIVE, REACH, FINISH, ANSWER, TIMEOUT, HEDGE, AGAIN, SETTLE, UNSENT, CHANGE, NOTICE, ALARM = range(12)
KINDS = 12  # of events; an event is its kind, and the number of what it is about
ARRIVALS, KEYS, FIRST = 0, 1, 2  # sources; behind them three of each service, and then two of each link


@inner
def plan(w, time, kind, about):  # type: ignore[no-untyped-def]
    """Plan an event and return its number."""
    it = w.it[0]
    number = it.planned
    it.planned = number + 1
    if time == it.now:
        place = w.ring[(it.ring_head + it.ring_count) & (len(w.ring) - 1)]
        place.number = number
        place.what = about * KINDS + kind
        it.ring_count += 1
    else:
        push(w.at, w.number, w.what, it.events, time, number, about * KINDS + kind)
        it.events += 1
    return number


@inner
def take(w, source):  # type: ignore[no-untyped-def]
    """Return the next number of a source. Enough for one event are at hand when `short` is set."""
    at = w.used[source]
    w.used[source] = at + 1
    if at + 1 >= w.limit[source]:
        w.it[0].short = 1
    return w.numbers[source, at]


@inner
def work_at(place):  # type: ignore[no-untyped-def]
    """Return the source of the work at a service."""
    return FIRST + 3 * place


@inner
def routing_to(place):  # type: ignore[no-untyped-def]
    """Return the source of the chances with which a replica is chosen."""
    return FIRST + 3 * place + 1


@inner
def failures_at(place):  # type: ignore[no-untyped-def]
    """Return the source of the chances with which served work fails."""
    return FIRST + 3 * place + 2


@inner
def jitter_of(w, link):  # type: ignore[no-untyped-def]
    """Return the source of the jitter of a link's pauses."""
    return FIRST + 3 * len(w.services) + 2 * link


@inner
def chance_of(w, link):  # type: ignore[no-untyped-def]
    """Return the source of the chances with which a link is used."""
    return FIRST + 3 * len(w.services) + 2 * link + 1
