"""What does theory say about the hit ratio of this very run, and how far may the model be off? Nothing where there
is no theory."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from apps.experiments.caches import transient
from apps.experiments.caches.judge import Span
from apps.experiments.caches.renewal import Copies, answers
from apps.experiments.caches.settings import Settings
from apps.experiments.zipf import Floats, popularity
from apps.simulator.caches import theory

CONFIDENCE = 1.96  # standard deviations: 95 of 100 runs
MOMENTS = 60  # at which a changing hit ratio is averaged
COARSE_BELOW_S = 3.0  # Redis notes the time of a read in whole seconds
SAMPLED = 0.010  # how far Redis, which looks at 10 keys to evict one, was measured from the exact policy
EXPIRED = 0.005  # expired keys leave within a tenth of a second, not at once
STEPPED = 0.003  # how far the renewal equation, solved in steps, was from a replay

CHE = "Che's approximation for LRU"
DELETED = "; a copy counts if the last request for it was a read, for a write deletes it"
TOGETHER = "LRU and TTL together (Che's approximation with renewals)"
MEAN_FIELD = "Mean-field theory of random eviction (Gelenbe 1973)"
OLDEST = "First in, first out with a TTL (volatile-ttl evicts what ends first)"
LIFETIME = {
    "nothing": "TTL renewal formula, λT/(1+λT) for each product",
    "deletes": "TTL renewal formula, λG/(1+λG) for each product; a write ends a copy too, so it lives G < T",
    "refills": "TTL renewal formula; each write stores a new copy",
}
REVALIDATED = "TTL renewal formula; an expired copy still answers, and its first reader fetches a new one"
FROZEN = "The first products asked for stay: the same law as Che's for LRU"
NOTHING_EVICTED = {
    "nothing": "Every product asked for is kept: nothing was evicted yet",
    "deletes": "A product is there if the last request for it was a read: at most reads/(reads + writes)",
    "refills": "Every product asked for or written is kept: nothing was evicted yet",
}


@dataclass(frozen=True, slots=True)
class Theory:
    """A hit ratio, how far the model may be off apart from chance, and its source.

    `loads` is the share of reads that make somebody ask the database; `stale` the share that gets an old version,
    None if that is not known.
    """

    hit_ratio: float
    slack: float
    source: str
    loads: float
    stale: float | None = None


def stay_s(settings: Settings, capacity: float) -> float:
    """Return how long a product that is no longer asked for stays in a full LRU cache, in seconds; inf if all fit.

    It is also how long an empty cache takes to fill. Where writes delete, a product holds room only if the last
    request for it was a read, so more products take their turn in it.
    """
    if settings.touches_per_s == 0 or settings.kept_share == 0:
        return inf
    share = popularity(settings.objects, settings.alpha)
    return theory.lru(share, capacity / settings.kept_share)[1] / settings.touches_per_s


def coarse_clock(settings: Settings, capacity: float) -> bool:
    """Return whether Redis's clock of whole seconds is too coarse for LRU in this run.

    It does no harm where all products are alike: then what goes does not matter.
    """
    crowded = settings.eviction == "allkeys-lru" and settings.cached and settings.alpha > 0
    longest = settings.ttl_s or inf
    return crowded and stay_s(settings, capacity) < min(COARSE_BELOW_S, longest)


def hit_ratio_theory(settings: Settings, capacity: float, span: Span) -> Theory | None:
    """Return what theory says about the reads within `span` (seconds since the cache was empty)."""
    if settings.reads_per_s == 0:
        return None
    if not settings.cached:
        return Theory(0.0, 0.0, "There is no cache.", 1.0, 0.0)
    if settings.db_cost == "aggregate":
        return None  # a query takes so long that what comes meanwhile counts
    fills_s = stay_s(settings, capacity)
    times = np.linspace(*span, MOMENTS)
    if 0 < settings.ttl_s < span[1]:
        if min(settings.redis_ttl_s, span[1]) <= fills_s:  # copies end before the cache is full
            return _renewed(settings, settings.ttl_s, times)
        return _both_bind(settings, capacity, times)
    if span[1] <= fills_s:
        return _renewed(settings, inf, times)
    return _eviction_alone(settings, capacity, fills_s, times)


def _renewed(settings: Settings, ttl_s: float, times: Floats) -> Theory:
    share = popularity(settings.objects, settings.alpha)
    copies = Copies(
        reads=share * settings.reads_per_s,
        writes=share * settings.writes_per_s,
        ttl_s=ttl_s,
        jitter=settings.ttl_jitter,
        grace_s=settings.grace_s,
        on_write=settings.on_write,
    )
    found = answers(copies, times)
    source = (NOTHING_EVICTED if ttl_s == inf else LIFETIME)[settings.on_write]
    if settings.grace_s and ttl_s < inf:
        source = REVALIDATED
    by_time_alone = settings.on_write == "nothing" and ttl_s < inf and not settings.grace_s
    stale = float(found.stale.mean()) if by_time_alone else None
    return Theory(float(found.hits.mean()), EXPIRED + STEPPED, source, float(found.loads.mean()), stale)


def _eviction_alone(settings: Settings, capacity: float, fills_s: float, times: Floats) -> Theory | None:
    share = popularity(settings.objects, settings.alpha)
    fills_at, touches, kept = fills_s * settings.touches_per_s, times * settings.touches_per_s, settings.kept_share
    recent = kept * float(transient.keeping_recent(share, touches, fills_at).mean())
    if not settings.evicts:
        if settings.on_write != "nothing":
            return None  # a refused write makes room
        held = -np.expm1(-share * fills_at)
        return _simple(recent, CONFIDENCE * sqrt(float((share**2 * held * (1 - held)).sum())), FROZEN)
    if settings.eviction == "allkeys-random":
        return _simple(_at_random(settings, capacity, touches), SAMPLED, MEAN_FIELD)
    if settings.eviction != "allkeys-lru":
        return None  # of LFU in Redis, which forgets with time, only a bound is known
    source = CHE + (DELETED if settings.on_write == "deletes" else "")
    if not coarse_clock(settings, capacity):
        return _simple(recent, SAMPLED, source)
    blurred = recent - _at_random(settings, capacity, touches)
    return _simple(recent, SAMPLED + blurred, f"{source}; the tolerance reaches down to random eviction")


def _at_random(settings: Settings, capacity: float, touches: Floats) -> float:
    share = popularity(settings.objects, settings.alpha)
    return float(transient.evicting_at_random(share, touches, capacity, settings.kept_share).mean())


def _simple(hit_ratio: float, slack: float, source: str) -> Theory:
    """Return the theory of a cache where every miss is a query and nothing is known of stale copies."""
    return Theory(hit_ratio, slack, source, 1 - hit_ratio)


def _both_bind(settings: Settings, capacity: float, times: Floats) -> Theory | None:
    if settings.on_write != "nothing" or settings.ttl_jitter or settings.grace_s:
        return None
    share, rate = popularity(settings.objects, settings.alpha), settings.reads_per_s
    lives = settings.ttl_s * rate
    if settings.eviction == "volatile-ttl":
        hits = transient.evicting_oldest(share, times * rate, capacity, lives)
        return _simple(float(hits.mean()), SAMPLED + EXPIRED, OLDEST)
    if times[0] < settings.ttl_s or coarse_clock(settings, capacity):
        return None  # theory knows the steady state alone
    if settings.eviction == "allkeys-lru":
        hit, _ = theory.lru(share, capacity, lives)
        return _simple(theory.overall(share, hit), SAMPLED + EXPIRED, TOGETHER)
    if settings.eviction == "allkeys-random":
        hit, _ = theory.random(share, capacity, lives)
        return _simple(theory.overall(share, hit), SAMPLED + EXPIRED, MEAN_FIELD)
    return None
