"""How does a compiled loop keep things in order? Binary heaps in arrays: by a time, ties by a running number."""

from __future__ import annotations

from apps.simulator.compiled.jit import step


@step
def push(keys, numbers, items, size, key, number, item):  # type: ignore[no-untyped-def]
    """Add one entry to a heap of `size` entries. The caller counts it."""
    at = size
    while at > 0:
        above = (at - 1) // 2
        if keys[above] < key or (keys[above] == key and numbers[above] < number):
            break
        keys[at], numbers[at], items[at] = keys[above], numbers[above], items[above]
        at = above
    keys[at], numbers[at], items[at] = key, number, item


@step
def pop(keys, numbers, items, size):  # type: ignore[no-untyped-def]
    """Remove the first entry (0) of a heap of `size` entries; the caller has read it, and counts it."""
    last = size - 1
    key, number, item = keys[last], numbers[last], items[last]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= last:
            break
        other = child + 1
        if other < last and (
            keys[other] < keys[child] or (keys[other] == keys[child] and numbers[other] < numbers[child])
        ):
            child = other
        if key < keys[child] or (key == keys[child] and number < numbers[child]):
            break
        keys[at], numbers[at], items[at] = keys[child], numbers[child], items[child]
        at = child
    keys[at], numbers[at], items[at] = key, number, item
