"""Which requests find their object in a cache whose copies also end: by time, by a write, or all at once?

One request after the other, and exact: the least recent of all goes, a copy ends to the moment, a new one is there at
once. Replays of long traces that only evict are faster in `apps.simulator.caches`. Times in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf
from typing import Literal

import numpy as np

Policy = Literal["lru", "lfu", "random", "next-to-end", "refuse"]
OnWrite = Literal["nothing", "deletes", "refills"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a cache keeps. `lives_s` is drawn evenly from a span of `jitter` times it around it; for `grace_s` more a
    copy that has ended still answers, and whoever gets it stores a new one. "lfu" forgets who has left."""

    capacity: int
    policy: Policy = "lru"
    lives_s: float = inf
    jitter: float = 0.0
    grace_s: float = 0.0
    on_write: OnWrite = "nothing"


@dataclass(slots=True, eq=False)
class Copy:
    """One object in the cache: until when it is fresh, when it is gone, how often it was read."""

    key: int
    ends: float
    gone: float
    place: int = 0  # in the list of all
    reads: int = 0
    stamp: int = 0  # of its newest entry in the order of eviction


class ExpiringCache:
    """A cache that starts empty. `random` draws victims and lengths of life."""

    def __init__(self, rules: Rules, random: np.random.Generator) -> None:
        self.rules, self.random = rules, random
        self.copies: dict[int, Copy] = {}
        self.short_lives: dict[int, float] = {}  # of single objects, in seconds
        self._all: list[Copy] = []
        self._victims: list[tuple[float, int, Copy]] = []  # who would go first; an entry of an old stamp is void
        self._endings: list[tuple[float, int, Copy]] = []
        self._stamp = 0

    def read(self, now: float, key: int) -> bool:
        """Return whether the object is there; if not, it is fetched and stored, if there is room."""
        self._let_end(now)
        copy = self.copies.get(key)
        if copy is None:
            self.store(now, key)
            return False
        copy.reads += 1
        if now >= copy.ends:
            self.store(now, key)
        else:
            self._rank(copy)
        return True

    def write(self, now: float, key: int) -> None:
        """Let a write do to the copy what the rules say."""
        self._let_end(now)
        if self.rules.on_write == "refills":
            self.store(now, key)
        elif self.rules.on_write == "deletes" and key in self.copies:
            self._remove(self.copies[key])

    def store(self, now: float, key: int) -> None:
        """Put a fresh copy in, evicting another if the cache is full; nothing happens if it refuses."""
        reads = 0
        if key in self.copies:
            reads = self.copies[key].reads
            self._remove(self.copies[key])
        elif len(self._all) >= self.rules.capacity and not self._make_room():
            return
        ends = now + self._life(key)
        copy = Copy(key, ends, ends + self.rules.grace_s, place=len(self._all), reads=reads)
        self.copies[key] = copy
        self._all.append(copy)
        self._rank(copy)
        if copy.gone < inf:
            heappush(self._endings, (copy.gone, copy.stamp, copy))

    def empty(self) -> None:
        """Drop everything."""
        self.copies.clear()
        self._all.clear()

    def _life(self, key: int) -> float:
        lives = self.short_lives.get(key, self.rules.lives_s)
        return lives * (1 + self.rules.jitter * (float(self.random.random()) - 0.5)) if self.rules.jitter else lives

    def _rank(self, copy: Copy) -> None:
        """Note who goes when: the least recent, the least read (of those the least recent), or what ends next."""
        self._stamp += 1
        copy.stamp = self._stamp
        ranks = {"lru": float(copy.stamp), "lfu": float(copy.reads), "next-to-end": copy.gone}
        if (rank := ranks.get(self.rules.policy)) is not None:
            heappush(self._victims, (rank, copy.stamp, copy))

    def _make_room(self) -> bool:
        if self.rules.policy == "random":
            self._remove(self._all[int(self.random.integers(len(self._all)))])
            return True
        while self._victims:
            _, stamp, copy = heappop(self._victims)
            if self.copies.get(copy.key) is copy and copy.stamp == stamp:
                self._remove(copy)
                return True
        return False

    def _let_end(self, now: float) -> None:
        while self._endings and self._endings[0][0] <= now:
            copy = heappop(self._endings)[2]
            if self.copies.get(copy.key) is copy:
                self._remove(copy)

    def _remove(self, copy: Copy) -> None:
        """Take a copy out; the last of the list fills its place."""
        del self.copies[copy.key]
        last = self._all.pop()
        if last is not copy:
            self._all[copy.place], last.place = last, copy.place
