"""How are the policies that keep ghosts replayed fast? With logs of keys; hit for hit as in `reference.adaptive`."""

from __future__ import annotations

from apps.simulator.caches.compiled.logs import NOWHERE, append, line_of, take_oldest
from apps.simulator.compiled.jit import loop, step

SMALL, MAIN, GHOSTS = 0, 1, 2
ONCE, AGAIN, ONCE_GHOSTS, AGAIN_GHOSTS = 0, 1, 2, 3


@loop
def s3_fifo(trace, capacity, rooms, logs, starts, ends, sizes, place, asked, hits):  # type: ignore[no-untyped-def]
    """Replay S3-FIFO. `rooms` of the small line and of the ghosts; `asked` counts requests of a cached key, up to 3."""
    filled = False
    for i in range(len(trace)):
        key = trace[i]
        at = place[key]
        line = line_of(logs, at)
        hit = at != NOWHERE and line != GHOSTS
        hits[i] = hit
        if hit:
            asked[key] = min(asked[key] + 1, 3)
            continue
        came_back = at != NOWHERE
        if came_back:
            sizes[GHOSTS] -= 1
            place[key] = NOWHERE
        while sizes[SMALL] + sizes[MAIN] == capacity:
            filled = True
            if sizes[MAIN] > capacity - rooms[SMALL] or sizes[SMALL] == 0:
                evict_main(logs, starts, ends, sizes, place, asked)
            else:
                evict_small(logs, starts, ends, sizes, place, asked, rooms[1])
        overflow = not filled and sizes[SMALL] >= rooms[SMALL]
        append(logs, ends, sizes, place, MAIN if came_back or overflow else SMALL, key)
        asked[key] = 0


@step
def evict_small(logs, starts, ends, sizes, place, asked, ghost_room):  # type: ignore[no-untyped-def]
    """Evict from the small line; what was asked for twice goes to the main one instead."""
    while sizes[SMALL] > 0:
        key = take_oldest(logs, starts, sizes, place, SMALL)
        if asked[key] < 2:
            if sizes[GHOSTS] == ghost_room:
                take_oldest(logs, starts, sizes, place, GHOSTS)
            append(logs, ends, sizes, place, GHOSTS, key)
            return
        asked[key] = 0
        append(logs, ends, sizes, place, MAIN, key)


@step
def evict_main(logs, starts, ends, sizes, place, asked):  # type: ignore[no-untyped-def]
    """Evict from the main line; what was asked for goes to its end instead."""
    while True:
        key = take_oldest(logs, starts, sizes, place, MAIN)
        if asked[key] == 0:
            return
        asked[key] -= 1
        append(logs, ends, sizes, place, MAIN, key)


@loop
def arc(trace, capacity, logs, starts, ends, sizes, place, hits):  # type: ignore[no-untyped-def]
    """Replay ARC."""
    wanted = 0.0
    for i in range(len(trace)):
        key = trace[i]
        at = place[key]
        line = line_of(logs, at)
        hit = at != NOWHERE and line <= AGAIN
        hits[i] = hit
        if hit:
            sizes[line] -= 1
            append(logs, ends, sizes, place, AGAIN, key)
        elif at == NOWHERE:
            make_room(logs, starts, ends, sizes, place, capacity, wanted)
            append(logs, ends, sizes, place, ONCE, key)
        else:
            other = ONCE_GHOSTS + AGAIN_GHOSTS - line
            change = max(1.0, sizes[other] / sizes[line])
            wanted = min(wanted + change, float(capacity)) if line == ONCE_GHOSTS else max(wanted - change, 0.0)
            replace(logs, starts, ends, sizes, place, capacity, wanted, line == AGAIN_GHOSTS)
            sizes[line] -= 1
            append(logs, ends, sizes, place, AGAIN, key)


@step
def make_room(logs, starts, ends, sizes, place, capacity, wanted):  # type: ignore[no-untyped-def]
    """Make room for a key that is new, as `ARC._make_room` does."""
    seen_once = sizes[ONCE] + sizes[ONCE_GHOSTS]
    everything = seen_once + sizes[AGAIN] + sizes[AGAIN_GHOSTS]
    if seen_once == capacity and sizes[ONCE_GHOSTS] == 0:
        take_oldest(logs, starts, sizes, place, ONCE)
        return
    if seen_once == capacity:
        take_oldest(logs, starts, sizes, place, ONCE_GHOSTS)
    elif everything == 2 * capacity:
        take_oldest(logs, starts, sizes, place, AGAIN_GHOSTS)
    if everything >= capacity:
        replace(logs, starts, ends, sizes, place, capacity, wanted, False)


@step
def replace(logs, starts, ends, sizes, place, capacity, wanted, came_back_again):  # type: ignore[no-untyped-def]
    """Evict from one of the two lists and keep the ghost, as `ARC._replace` does."""
    first = sizes[ONCE]
    if first + sizes[AGAIN] < capacity:
        return
    if first > wanted or (first > 0 and first == wanted and came_back_again) or sizes[AGAIN] == 0:
        key = take_oldest(logs, starts, sizes, place, ONCE)
        append(logs, ends, sizes, place, ONCE_GHOSTS, key)
    else:
        key = take_oldest(logs, starts, sizes, place, AGAIN)
        append(logs, ends, sizes, place, AGAIN_GHOSTS, key)
