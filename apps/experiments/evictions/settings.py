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
    "lfu": "LFU",
    "sieve": "SIEVE",
    "s3-fifo": "S3-FIFO",
    "arc": "ARC",
    "w-tinylfu": "W-TinyLFU",
    "random": "Random",
    "optimal": "Optimal",
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
