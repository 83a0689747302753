"""What do the policies that keep one line do? LRU, FIFO, CLOCK and SIEVE, as their authors tell them.

Every policy here answers one call: `request(key)` returns whether the key was there, and puts it there if it was not.
"""

from __future__ import annotations

from collections import OrderedDict, deque


class LRU:
    """Evicts what was not asked for the longest."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.line: OrderedDict[int, None] = OrderedDict()  # the longest unused first

    def request(self, key: int) -> bool:
        """Return whether the key was there; it is the most recent now."""
        if hit := key in self.line:
            self.line.move_to_end(key)
        else:
            if len(self.line) == self.capacity:
                self.line.popitem(last=False)
            self.line[key] = None
        return hit


class FIFO:
    """Evicts what came first. A hit changes nothing, so it needs no lock."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.line: OrderedDict[int, None] = OrderedDict()

    def request(self, key: int) -> bool:
        """Return whether the key was there."""
        if hit := key in self.line:
            return hit
        if len(self.line) == self.capacity:
            self.line.popitem(last=False)
        self.line[key] = None
        return hit


class Clock:
    """FIFO with a second chance: what was asked for since the hand last passed goes to the end of the line instead."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.line: deque[int] = deque()
        self.asked: dict[int, bool] = {}  # of what is cached: since the hand last passed?

    def request(self, key: int) -> bool:
        """Return whether the key was there."""
        if key in self.asked:
            self.asked[key] = True
            return True
        if len(self.line) == self.capacity:
            while self.asked[self.line[0]]:
                self.asked[self.line[0]] = False
                self.line.rotate(-1)
            del self.asked[self.line.popleft()]
        self.line.append(key)
        self.asked[key] = False
        return False


class Sieve:
    """A hand goes from old to new and evicts the first that was not asked for since it last passed (NSDI '24).

    Unlike CLOCK's, what it spares stays where it is, so new keys are looked at before old ones that proved themselves.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.line: list[int] = []  # the oldest first
        self.hand = 0
        self.asked: dict[int, bool] = {}

    def request(self, key: int) -> bool:
        """Return whether the key was there."""
        if key in self.asked:
            self.asked[key] = True
            return True
        if len(self.line) == self.capacity:
            self._evict()
        self.line.append(key)
        self.asked[key] = False
        return False

    def _evict(self) -> None:
        while self.asked[self.line[self.hand]]:
            self.asked[self.line[self.hand]] = False
            self.hand = (self.hand + 1) % len(self.line)
        del self.asked[self.line.pop(self.hand)]
        if self.hand == len(self.line):  # the newest went: begin again at the oldest
            self.hand = 0
