"""How is Belady's policy replayed fast? As a set of places of the trace; hit for hit as in `reference.optimal`.

What is cached is told by the places of its next requests. Request i is a hit if place i is in the set: so a hit takes
out the least place, and an eviction the greatest. The set is a tree of words of 32 bits, the places at its leaves, each
bit above telling whether the word below holds any.
"""

from __future__ import annotations

from apps.simulator.compiled.jit import loop, step

BITS, SHIFT = 32, 5


@loop
def next_uses(trace, later, uses):  # type: ignore[no-untyped-def]
    """Fill `uses` with the place of the next request for the same key, len(trace) if none; `later`: one a key."""
    for i in range(len(trace) - 1, -1, -1):
        key = trace[i]
        uses[i] = later[key]
        later[key] = i


@loop
def optimal(uses, capacity, words, floors, hits):  # type: ignore[no-untyped-def]
    """Replay Belady's policy; floor f of the tree begins at `floors[f]` of `words`. Keys without a next request are
    only counted: they go first."""
    size, useless = 0, 0
    for i in range(len(uses)):
        hit = (words[i >> SHIFT] >> (i & (BITS - 1))) & 1 == 1
        hits[i] = hit
        if hit:
            remove(words, floors, i)
        elif size < capacity:
            size += 1
        elif useless > 0:
            useless -= 1
        else:
            remove(words, floors, greatest(words, floors))
        if uses[i] == len(uses):
            useless += 1
        else:
            insert(words, floors, uses[i])


@step
def insert(words, floors, place):  # type: ignore[no-untyped-def]
    """Put a place into the set."""
    for floor in range(len(floors)):
        at = floors[floor] + (place >> SHIFT)
        empty = words[at] == 0
        words[at] |= 1 << (place & (BITS - 1))
        if not empty:
            return
        place >>= SHIFT


@step
def remove(words, floors, place):  # type: ignore[no-untyped-def]
    """Take a place out of the set."""
    for floor in range(len(floors)):
        at = floors[floor] + (place >> SHIFT)
        words[at] &= ~(1 << (place & (BITS - 1)))
        if words[at] != 0:
            return
        place >>= SHIFT


@step
def greatest(words, floors):  # type: ignore[no-untyped-def]
    """Return the greatest place of the set, which must not be empty."""
    place = 0
    for floor in range(len(floors) - 1, -1, -1):
        place = (place << SHIFT) + highest_bit(words[floors[floor] + place])
    return place


@step
def highest_bit(word):  # type: ignore[no-untyped-def]
    """Return the number of the highest bit that is set."""
    number = 0
    for half in (16, 8, 4, 2, 1):
        if word >> half:
            word >>= half
            number += half
    return number
