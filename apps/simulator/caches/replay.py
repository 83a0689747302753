"""Which requests of a trace find their object in a cache? One call for every policy of eviction.

The compiled replay and the readable reference agree hit for hit, under the same seed where a policy draws numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from apps.simulator.caches.reference import adaptive, chance, frequency, optimal, queues, segmented
from apps.simulator.statistics import BATCHES, Estimate, estimate
from apps.simulator.streams import stream

Engine = Literal["compiled", "reference"]
Keys = NDArray[np.integer[Any]]
Trace = NDArray[np.int32]
Hits = NDArray[np.bool_]

POLICIES = (
    "lru", "fifo", "clock", "slru", "2q", "lfu", "sieve", "s3-fifo", "arc", "w-tinylfu", "random", "optimal",
)  # fmt: skip
MOST_REQUESTS = 1 << 29  # four lines of so many entries have places of 31 bits
SPARSE = 4  # times as many numbers as requests: then keys are numbered anew


@dataclass(frozen=True, slots=True)
class Replay:
    """What a cache did with a trace: one flag a request; the first `warm_up` requests count for nothing else."""

    hits: Hits
    warm_up: int
    capacity: int

    @property
    def counted(self) -> Hits:
        """Return the flags of the requests after the warm-up."""
        return self.hits[self.warm_up :]

    @property
    def hit_ratio(self) -> float:
        """Return the share of hits after the warm-up; NaN without requests."""
        return float(self.counted.mean()) if len(self.counted) else float("nan")

    @property
    def evictions(self) -> int:
        """Return how many objects were evicted in the whole run: every miss fills, and the first of them fill room."""
        return max(0, int(len(self.hits) - np.count_nonzero(self.hits)) - self.capacity)

    def interval(self) -> Estimate:
        """Return the hit ratio and its 95 % interval, from the means of twenty batches that follow each other."""
        batches = np.array([batch.mean() if len(batch) else np.nan for batch in np.array_split(self.counted, BATCHES)])
        return Estimate(self.hit_ratio, estimate(batches).half_width)


def replay(
    policy: str, trace: Keys, capacity: int, *, warm_up: int = 0, seed: int = 0, engine: Engine = "compiled"
) -> Replay:
    """Return what a cache with room for `capacity` objects does with a trace of keys (whole numbers from 0).

    `policy` is one of POLICIES. `seed` matters for "random" only. Raises ValueError for an unknown policy, a capacity
    below 1, a negative key or a trace of MOST_REQUESTS or more.
    """
    if policy not in POLICIES:
        raise ValueError(f"There is no policy {policy!r}. Policies: {', '.join(POLICIES)}.")
    if capacity < 1:
        raise ValueError(f"A cache has room for at least one object, not {capacity}.")
    if len(trace) >= MOST_REQUESTS:
        raise ValueError(f"A trace may have {MOST_REQUESTS:,} requests, not {len(trace):,}.")
    dense, keys = _dense(trace)
    hits = np.empty(len(dense), dtype=np.bool_)
    if len(dense) == 0:
        return Replay(hits, warm_up, capacity)
    number = int(stream(seed, "evictions").integers(1, 1 << 32))
    if engine == "reference":
        cache = reference(policy, capacity, dense.tolist(), number)
        hits[:] = [cache.request(key) for key in dense.tolist()]
    else:
        from apps.simulator.caches.compiled.run import run  # here: the compiler takes a quarter of a second to load

        run(policy, dense, keys, min(capacity, keys), number, hits)
    return Replay(hits, warm_up, capacity)


def reference(policy: str, capacity: int, trace: list[int], number: int) -> Any:
    """Return an empty cache of a policy: its `request(key)` says whether the key was there. `number` seeds "random"."""
    if policy == "random":
        return chance.Random(capacity, number)
    if policy == "optimal":
        return optimal.Optimal(capacity, trace)
    classes: dict[str, Any] = {
        "lru": queues.LRU,
        "fifo": queues.FIFO,
        "clock": queues.Clock,
        "sieve": queues.Sieve,
        "slru": segmented.SLRU,
        "2q": segmented.TwoQ,
        "lfu": frequency.LFU,
        "w-tinylfu": frequency.WTinyLFU,
        "s3-fifo": adaptive.S3FIFO,
        "arc": adaptive.ARC,
    }
    return classes[policy](capacity)


def _dense(trace: Keys) -> tuple[Trace, int]:
    """Return the trace with keys that index an array, and the length of that array."""
    if len(trace) == 0:
        return np.empty(0, dtype=np.int32), 0
    low, high = int(trace.min()), int(trace.max())
    if low < 0:
        raise ValueError(f"Keys are whole numbers from 0, not {low}.")
    if high > SPARSE * len(trace) + 1024:
        found, trace = np.unique(trace, return_inverse=True)
        high = len(found) - 1
    return np.ascontiguousarray(trace, dtype=np.int32), high + 1
