"""How are SLRU and 2Q replayed fast? With logs of keys; hit for hit as in `reference.segmented`."""

from __future__ import annotations

from apps.simulator.caches.compiled.logs import NOWHERE, append, line_of, take_oldest
from apps.simulator.caches.reference.segmented import SEGMENTS
from apps.simulator.compiled.jit import loop

NEW, MAIN, GHOSTS = 0, 1, 2


@loop
def slru(trace, capacity, rooms, logs, starts, ends, sizes, place, hits):  # type: ignore[no-untyped-def]
    """Replay SLRU; `rooms` of the segments, the lowest first."""
    size = 0
    for i in range(len(trace)):
        key = trace[i]
        at = place[key]
        hit = at != NOWHERE
        hits[i] = hit
        if hit:
            line = line_of(logs, at)
            sizes[line] -= 1
            line = min(line + 1, SEGMENTS - 1)
            append(logs, ends, sizes, place, line, key)
            if sizes[line] > rooms[line]:
                lowered = take_oldest(logs, starts, sizes, place, line)
                append(logs, ends, sizes, place, line - 1, lowered)
            continue
        if size == capacity:
            lowest = 0
            while sizes[lowest] == 0:
                lowest += 1
            take_oldest(logs, starts, sizes, place, lowest)
        else:
            size += 1
        line = 0
        while sizes[line] >= rooms[line]:
            line += 1
        append(logs, ends, sizes, place, line, key)


@loop
def two_q(trace, capacity, rooms, logs, starts, ends, sizes, place, hits):  # type: ignore[no-untyped-def]
    """Replay 2Q; `rooms` of the line for new keys and of the ghosts."""
    for i in range(len(trace)):
        key = trace[i]
        at = place[key]
        line = line_of(logs, at)
        hit = at != NOWHERE and line != GHOSTS
        hits[i] = hit
        if hit:
            if line == MAIN:
                sizes[MAIN] -= 1
                append(logs, ends, sizes, place, MAIN, key)
            continue
        came_back = at != NOWHERE
        if came_back:
            sizes[GHOSTS] -= 1
            place[key] = NOWHERE
        if sizes[NEW] + sizes[MAIN] == capacity:
            if sizes[NEW] <= rooms[0]:
                take_oldest(logs, starts, sizes, place, MAIN)
            else:
                left = take_oldest(logs, starts, sizes, place, NEW)
                if sizes[GHOSTS] == rooms[1] and rooms[1] > 0:
                    take_oldest(logs, starts, sizes, place, GHOSTS)
                if rooms[1] > 0:
                    append(logs, ends, sizes, place, GHOSTS, left)
        append(logs, ends, sizes, place, MAIN if came_back else NEW, key)
