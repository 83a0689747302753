"""What does a cache do that evicts anything? The yardstick: what a policy adds to chance."""

from __future__ import annotations

MASK = 0xFFFFFFFF


def next_number(state: int) -> int:
    """Return the number after `state`, 1 to 2^32 - 1: Marsaglia's xorshift (2003), so that both engines draw alike."""
    state ^= (state << 13) & MASK
    state ^= state >> 17
    return state ^ ((state << 5) & MASK)


class Random:
    """Evicts any of its keys, each as likely as the other."""

    def __init__(self, capacity: int, number: int) -> None:
        self.capacity, self.number = capacity, number
        self.slots: list[int] = []
        self.cached: set[int] = set()

    def request(self, key: int) -> bool:
        """Return whether the key was there."""
        if key in self.cached:
            return True
        if len(self.slots) < self.capacity:
            self.slots.append(key)
        else:
            self.number = next_number(self.number)
            slot = (self.number * self.capacity) >> 32
            self.cached.remove(self.slots[slot])
            self.slots[slot] = key
        self.cached.add(key)
        return False
