"""How are the policies that count replayed fast? With lists in arrays; hit for hit as in `reference.frequency`."""

from __future__ import annotations

from apps.simulator.caches.compiled.logs import NOWHERE, append, line_of, oldest, take_oldest
from apps.simulator.caches.reference import frequency
from apps.simulator.caches.reference.frequency import MOST, ROWS
from apps.simulator.compiled.jit import loop, step

counter = step(frequency.counter)
WINDOW, PROBATION, PROTECTED = 0, 1, 2


@step
def link_last(before, after, head, node):  # type: ignore[no-untyped-def]
    """Put a node at the end of the ring that begins with `head`."""
    last = before[head]
    before[node], after[node] = last, head
    after[last] = node
    before[head] = node


@step
def unlink(before, after, node):  # type: ignore[no-untyped-def]
    """Take a node out of its ring."""
    after[before[node]] = after[node]
    before[after[node]] = before[node]


@loop
def lfu(trace, capacity, keys, count, before, after, hits):  # type: ignore[no-untyped-def]
    """Replay LFU. Keys of one count are linked in a ring, whose head is node `keys` plus the count; 0: not cached.

    The least count needs no search: a key that leaves the last ring of it goes to the next count, and after an
    eviction a new key comes with the count 1.
    """
    size, least, most = 0, 1, 0
    for i in range(len(trace)):
        key = trace[i]
        counted = count[key]
        hits[i] = counted > 0
        if counted > 0:
            unlink(before, after, key)
            if counted == least and after[keys + least] == keys + least:
                least += 1
        else:
            if size == capacity:
                victim = after[keys + least]
                unlink(before, after, victim)
                count[victim] = 0
            else:
                size += 1
            least = 1
        counted += 1
        count[key] = counted
        head = keys + counted
        if counted > most:
            most = counted
            before[head], after[head] = head, head
        link_last(before, after, head, key)


@step
def add(sketch, shift, key):  # type: ignore[no-untyped-def]
    """Count one request of a key in the four rows of its block."""
    for row in range(ROWS):
        at = counter(key, row, shift)
        sketch[at] = min(sketch[at] + 1, MOST)


@step
def estimate(sketch, shift, key):  # type: ignore[no-untyped-def]
    """Return the least of the four counters of a key."""
    least = MOST
    for row in range(ROWS):
        least = min(least, sketch[counter(key, row, shift)])
    return least


@loop
def w_tinylfu(trace, capacity, rooms, sample, sketch, shift, logs, starts, ends, sizes, place, hits):  # type: ignore[no-untyped-def]
    """Replay W-TinyLFU. `rooms` of the window and of the protected segment; keys are counted in `sketch`."""
    added = 0
    for i in range(len(trace)):
        key = trace[i]
        add(sketch, shift, key)
        added += 1
        if added == sample:
            added = 0
            for counted in range(len(sketch)):
                sketch[counted] >>= 1
        at = place[key]
        hit = at != NOWHERE
        hits[i] = hit
        if hit:
            line = line_of(logs, at)
            sizes[line] -= 1
            append(logs, ends, sizes, place, WINDOW if line == WINDOW else PROTECTED, key)
            if sizes[PROTECTED] > rooms[1]:
                demoted = take_oldest(logs, starts, sizes, place, PROTECTED)
                append(logs, ends, sizes, place, PROBATION, demoted)
            continue
        append(logs, ends, sizes, place, WINDOW, key)
        if sizes[WINDOW] > rooms[0]:
            leave_window(capacity - rooms[0], sketch, shift, logs, starts, ends, sizes, place)


@step
def leave_window(room, sketch, shift, logs, starts, ends, sizes, place):  # type: ignore[no-untyped-def]
    """Take the oldest key of the window; it gets in if there is room, or if it was asked for more than the victim."""
    candidate = take_oldest(logs, starts, sizes, place, WINDOW)
    if sizes[PROBATION] + sizes[PROTECTED] < room:
        append(logs, ends, sizes, place, PROBATION, candidate)
    elif room > 0:
        line = PROBATION if sizes[PROBATION] > 0 else PROTECTED
        victim = oldest(logs, starts, place, line)
        if estimate(sketch, shift, candidate) > estimate(sketch, shift, victim):
            take_oldest(logs, starts, sizes, place, line)
            append(logs, ends, sizes, place, PROBATION, candidate)
