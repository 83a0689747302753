"""What could any policy do at best? Belady's: it sees the future, and evicts what is needed last."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush


def next_uses(trace: Sequence[int]) -> list[int]:
    """Return, for each request, the place of the next one for the same key; len(trace) if there is none."""
    later: dict[int, int] = {}
    uses = [len(trace)] * len(trace)
    for place in range(len(trace) - 1, -1, -1):
        uses[place] = later.get(trace[place], len(trace))
        later[trace[place]] = place
    return uses


class Optimal:
    """Evicts what is asked for again the latest (Belady 1966). Every missing key is put in, as in all caches here."""

    def __init__(self, capacity: int, trace: Sequence[int]) -> None:
        self.capacity, self.uses, self.now = capacity, next_uses(trace), 0
        self.next_use: dict[int, int] = {}  # of what is cached
        self.latest: list[tuple[int, int]] = []  # (-next use, key); old entries of a key are passed over

    def request(self, key: int) -> bool:
        """Return whether the key was there. Requests have to come in the order of the trace."""
        hit = key in self.next_use
        if not hit and len(self.next_use) == self.capacity:
            self._evict()
        self.next_use[key] = self.uses[self.now]
        heappush(self.latest, (-self.uses[self.now], key))
        self.now += 1
        return hit

    def _evict(self) -> None:
        while True:
            use, key = heappop(self.latest)
            if self.next_use.get(key) == -use:
                del self.next_use[key]
                return
