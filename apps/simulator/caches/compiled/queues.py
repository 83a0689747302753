"""How are the policies that keep one line replayed fast? With arrays by key; hit for hit as in `reference.queues`.

Keys are numbers from 0; `hits` is filled with one flag a request.
"""

from __future__ import annotations

from apps.simulator.caches.reference import chance
from apps.simulator.compiled.jit import loop, step

next_number = step(chance.next_number)
ABSENT, CACHED, ASKED = 0, 1, 2


@loop
def lru(trace, capacity, last, hits):  # type: ignore[no-untyped-def]
    """Replay LRU without a list: the trace is the list. What was last asked for at `oldest` or later is cached.

    `last` holds the place of the last request of each key, -1 at first. To evict is to move `oldest` behind the next
    request that is its key's last.
    """
    oldest, room = 0, capacity
    for i in range(len(trace)):
        key = trace[i]
        hit = last[key] >= oldest
        hits[i] = hit
        last[key] = i
        if hit:
            continue
        if room > 0:
            room -= 1
            continue
        while last[trace[oldest]] != oldest:
            oldest += 1
        oldest += 1


@loop
def fifo(trace, capacity, state, ring, hits):  # type: ignore[no-untyped-def]
    """Replay FIFO; the keys stand in a ring."""
    at, size = 0, 0
    for i in range(len(trace)):
        key = trace[i]
        hit = state[key] == CACHED
        hits[i] = hit
        if hit:
            continue
        if size == capacity:
            state[ring[at]] = ABSENT
        else:
            size += 1
        ring[at] = key
        state[key] = CACHED
        at = at + 1 if at + 1 < capacity else 0


@loop
def clock(trace, capacity, state, ring, hits):  # type: ignore[no-untyped-def]
    """Replay CLOCK; the hand goes round a ring, and what it spares is behind it: at the end of the line."""
    hand, size = 0, 0
    for i in range(len(trace)):
        key = trace[i]
        hit = state[key] != ABSENT
        hits[i] = hit
        if hit:
            state[key] = ASKED
            continue
        if size == capacity:
            while state[ring[hand]] == ASKED:
                state[ring[hand]] = CACHED
                hand = hand + 1 if hand + 1 < capacity else 0
            state[ring[hand]] = ABSENT
        else:
            size += 1
        ring[hand] = key
        state[key] = CACHED
        hand = hand + 1 if hand + 1 < capacity else 0


@loop
def sieve(trace, capacity, state, line, hits):  # type: ignore[no-untyped-def]
    """Replay SIEVE. The line is an array with holes; they are closed when the hand begins again at the oldest.

    `line` has room for twice the capacity, and is closed up as well when it is full.
    """
    hand, end, size = 0, 0, 0
    for i in range(len(trace)):
        key = trace[i]
        hit = state[key] != ABSENT
        hits[i] = hit
        if hit:
            state[key] = ASKED
            continue
        if size == capacity:
            while True:
                if hand == end:
                    hand, end = 0, close_up(line, end, end)[0]
                looked = line[hand]
                hand += 1
                if looked < 0:
                    continue
                if state[looked] == CACHED:
                    break
                state[looked] = CACHED
            state[looked] = ABSENT
            line[hand - 1] = -1
            if hand == end:  # the newest went: begin again at the oldest, whatever comes now
                hand, end = 0, close_up(line, end, end)[0]
        else:
            size += 1
        if end == len(line):
            end, hand = close_up(line, end, hand)
        line[end] = key
        end += 1
        state[key] = CACHED


@step
def close_up(line, end, hand):  # type: ignore[no-untyped-def]
    """Close the holes of a line; returns where it ends now, and where the hand stands."""
    kept, moved = 0, hand
    for at in range(end):
        if at == hand:
            moved = kept
        if line[at] >= 0:
            line[kept] = line[at]
            kept += 1
    return kept, kept if hand == end else moved


@loop
def random(trace, capacity, state, ring, number, hits):  # type: ignore[no-untyped-def]
    """Replay random eviction, with the numbers that follow `number`."""
    size = 0
    for i in range(len(trace)):
        key = trace[i]
        hit = state[key] == CACHED
        hits[i] = hit
        if hit:
            continue
        state[key] = CACHED
        if size < capacity:
            ring[size] = key
            size += 1
            continue
        number = next_number(number)
        slot = (number * capacity) >> 32
        state[ring[slot]] = ABSENT
        ring[slot] = key
