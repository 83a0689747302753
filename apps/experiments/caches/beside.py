"""What would an exact cache have done with the very same requests, and why is the real one a little different?

The model serves the requests of the run in the order in which they were due. It evicts exactly, knows the time exactly,
and has what it fetches at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from apps.experiments.base import Point
from apps.experiments.caches.conflicts import DOWN_S
from apps.experiments.caches.gap import gap
from apps.experiments.caches.journal import Requests
from apps.experiments.caches.judge import TICK_S, WINDOW_S, Span, within
from apps.experiments.caches.patterns import LIFE_S
from apps.experiments.caches.settings import Settings
from apps.simulator.expiring import ExpiringCache, Policy, Rules

POLICIES: Mapping[str, Policy] = {
    "allkeys-lru": "lru",
    "allkeys-lfu": "lfu",
    "allkeys-random": "random",
    "volatile-ttl": "next-to-end",
}
NAMES = {
    "lru": "Exact LRU",
    "lfu": "Exact LFU that forgets who left",
    "random": "Random eviction",
    "next-to-end": "Eviction of what ends next",
    "refuse": "A cache that refuses when full",
}

Hits = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Beside:
    """The same reads in the model, with room for what was planned and for what Redis really held."""

    settings: Settings
    requests: Requests
    hits: Hits  # of reads that found a copy in the model; a write is none
    hits_as_held: Hits
    held: float  # products in the full cache, on average; NaN if it was never full
    hottest: int
    seed: int

    @property
    def model(self) -> str:
        """Return which model this is."""
        lives = f", lives of {self.settings.ttl_s:g} s" if self.settings.ttl_s else ""
        name = NAMES[rules(self.settings, 1).policy]
        return (
            f"{name} with room for {self.settings.capacity:,}{lives}: the same requests in the simulator, "
            f"seed {self.seed}"
        )

    def points(self) -> Iterator[Mapping[str, Point]]:
        """Yield the model's hit ratio of the last second, four times a second, as the measured one is drawn."""
        due, reads = self.requests.due, ~self.requests.writes
        for at in np.arange(TICK_S, self.settings.duration_s + TICK_S / 2, TICK_S).tolist():
            recent = reads & within(due, (max(0.0, at - WINDOW_S), at))
            if recent.any():
                yield {"model_hit_ratio": (round(at, 3), round(float(self.hits[recent].mean()), 4))}

    def figures(self, span: Span) -> dict[str, float]:
        """Return the model's hit ratio over the same time as the measured one."""
        return {"model_hit_ratio": self._share(self.hits, span)} if self._reads(span).any() else {}

    def gap(self, measured: Mapping[str, float], span: Span) -> str:
        """Return in words and numbers where the measured hit ratio leaves the model's; "" if nothing was read."""
        if "hit_ratio" not in measured or not (reads := self._reads(span)).any():
            return ""
        together = float((self.requests.alike[reads] > 1).mean())
        shares = measured["hit_ratio"], self._share(self.hits, span), self._share(self.hits_as_held, span)
        return gap(self.settings, *shares, held=self.held, together=together)

    def _reads(self, span: Span) -> Hits:
        return np.asarray(within(self.requests.due, span) & self.requests.answered & ~self.requests.writes)

    def _share(self, hits: Hits, span: Span) -> float:
        return float(hits[self._reads(span)].mean())


def lay_beside(
    settings: Settings, requests: Requests, keys: Sequence[int], event_at_s: float | None, hottest: int, seed: int
) -> Beside | None:
    """Return the model beside a run, None if it had no cache. `keys` are counts of what the full cache held."""
    if not settings.cached:
        return None
    held = float(np.mean(keys)) if keys else float("nan")
    planned = replayed(settings, requests, settings.capacity, event_at_s, hottest, seed)
    room = max(1, round(held)) if keys else settings.capacity
    same = room == settings.capacity
    as_held = planned if same else replayed(settings, requests, room, event_at_s, hottest, seed)
    return Beside(settings, requests, planned, as_held, held, hottest, seed)


def rules(settings: Settings, capacity: int) -> Rules:
    """Return the rules of an exact cache with room for so many products that keeps what this run's cache is to keep."""
    return Rules(
        capacity=capacity,
        policy=POLICIES[settings.eviction] if settings.evicts else "refuse",
        lives_s=settings.ttl_s or inf,
        jitter=settings.ttl_jitter,
        grace_s=settings.grace_s if settings.ttl_s or settings.event == "hot-key-expires" else 0.0,
        on_write=settings.on_write,  # type: ignore[arg-type]
    )


def replayed(
    settings: Settings, requests: Requests, capacity: int, event_at_s: float | None, hottest: int, seed: int
) -> Hits:
    """Return which reads find a copy in an exact cache that the same events happen to."""
    cache = ExpiringCache(rules(settings, capacity), np.random.default_rng([seed, crc32(b"model")]))
    happens = event_at_s if event_at_s is not None else inf
    away = (happens, happens + DOWN_S) if settings.event == "redis-down" else (inf, inf)
    begins = happens - LIFE_S if settings.event == "hot-key-expires" else happens
    hits, begun = np.zeros(len(requests.due), dtype=np.bool_), False
    for i, (now, product, writes) in enumerate(
        zip(requests.due.tolist(), requests.products.tolist(), requests.writes.tolist(), strict=True)
    ):
        if not begun and now >= begins:
            begun = True
            if settings.event == "hot-key-expires":
                cache.short_lives[hottest] = LIFE_S
                cache.store(begins, hottest)
            else:
                cache.empty()
        if away[0] <= now < away[1]:
            continue
        if writes:
            cache.write(now, product)
        else:
            hits[i] = cache.read(now, product)
    return hits
