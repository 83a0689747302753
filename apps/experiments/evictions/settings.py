"""What was set for a run of the eviction lab? The parameters, typed, and the trace that they describe."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from apps.experiments.params import Params
from apps.simulator.caches.traces import Kind, Trace, trace

NAMES = {
    "lru": "LRU",
    "fifo": "FIFO",
    "clock": "CLOCK",
    "slru": "SLRU",
    "2q": "2Q",
    "lfu": "LFU",
    "sieve": "SIEVE",
    "s3-fifo": "S3-FIFO",
    "arc": "ARC",
    "w-tinylfu": "W-TinyLFU",
    "random": "Random",
    "optimal": "Optimal",
}
EVICTS = {
    "lru": "What was not asked for the longest.",
    "fifo": "What came first. A hit changes nothing.",
    "clock": "What came first, with a second chance for what was asked for since.",
    "slru": "From the lowest of four LRU lists; each hit lifts an object by one.",
    "2q": "New objects first come, first out; one that comes back soon enters an LRU list.",
    "lfu": "What was asked for least since it came.",
    "sieve": "What was not asked for since a hand last passed; the hand goes from old to new.",
    "s3-fifo": "New objects after a short trial; three FIFO lines and a memory of what left.",
    "arc": "From one of two LRU lists, seen once or again, whose lengths adapt.",
    "w-tinylfu": "Whichever was asked for less lately: the one that leaves a small window, or the next to go.",
    "random": "Anything.",
    "optimal": "What will be asked for again the latest. Belady's bound: it reads the future.",
}
WARM_UP = 1 / 3  # of the requests fill the cache and are not counted


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a run."""

    policy: str
    capacity: int
    trace: Kind
    objects: int
    alpha: float
    requests: int

    @classmethod
    def of(cls, params: Params) -> Settings:
        """Return cleaned parameters as settings."""
        return cls(**params)  # type: ignore[arg-type]

    @property
    def name(self) -> str:
        """Return the policy's name as its authors write it."""
        return NAMES[self.policy]

    @property
    def warm_up(self) -> int:
        """Return how many requests are not counted."""
        return int(self.requests * WARM_UP)

    @property
    def everything_fits(self) -> bool:
        """Return whether nothing ever has to be evicted."""
        return self.trace in ("zipf", "loop") and self.capacity >= self.objects

    def keys(self, random: np.random.Generator) -> Trace:
        """Return the keys that are asked for, in order."""
        return trace(self.trace, self.objects, self.alpha, self.requests, random)
