"""What does theory say about this very run, and within which tolerance? Nothing where there is no theory."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from apps.experiments.base import Expected
from apps.experiments.caches import theory, transient
from apps.experiments.caches.judge import WINDOW_S, Span
from apps.experiments.caches.settings import Settings
from apps.experiments.zipf import Floats, popularity

CONFIDENCE = 1.96  # standard deviations: 95 of 100 runs
MOMENTS = 60  # at which a changing hit ratio is averaged
COARSE_BELOW_S = 3.0  # Redis notes the time of a read in whole seconds
SAMPLED = 0.010  # how far Redis, which looks at 10 keys to evict one, was measured from the exact policy
EXPIRED = 0.005  # expired keys leave within a tenth of a second, not at once

CHE = "Che's approximation for LRU"
TOGETHER = "LRU and TTL together (Che's approximation with renewals)"
MEAN_FIELD = "Mean-field theory of random eviction (Gelenbe 1973)"
OLDEST = "First in, first out with a TTL (volatile-ttl evicts what ends first)"
LIFETIME = "TTL renewal formula, λT/(1+λT) for each product"
FROZEN = "The first products asked for stay: the same law as Che's for LRU"


@dataclass(frozen=True, slots=True)
class Theory:
    """A hit ratio, how far the model may be off apart from chance, and its source."""

    hit_ratio: float
    slack: float
    source: str


def stay_s(settings: Settings, capacity: float) -> float:
    """Return how long a product that is no longer read stays in a full LRU cache, in seconds; inf if all fit.

    It is also how long an empty cache takes to fill.
    """
    share = popularity(settings.objects, settings.alpha)
    return theory.lru(share, capacity)[1] / settings.reads_per_s


def coarse_clock(settings: Settings, capacity: float) -> bool:
    """Return whether Redis's clock of whole seconds is too coarse for LRU in this run.

    It does no harm where all products are alike: then what goes does not matter.
    """
    crowded = settings.eviction == "allkeys-lru" and settings.cached and settings.alpha > 0
    longest = settings.ttl_s or inf
    return crowded and stay_s(settings, capacity) < min(COARSE_BELOW_S, longest)


def hit_ratio_theory(settings: Settings, capacity: float, span: Span) -> Theory | None:
    """Return what theory says about the hit ratio within `span` (seconds since the cache was empty)."""
    if not settings.cached:
        return Theory(0.0, 0.0, "There is no cache.")
    share = popularity(settings.objects, settings.alpha)
    rate = settings.reads_per_s
    times = np.linspace(*span, MOMENTS) * rate
    fills_at = theory.lru(share, capacity)[1]
    lives = settings.ttl_s * rate or inf
    if lives <= min(fills_at, times[-1]):  # entries end before the cache is full: eviction has nothing to do
        hits = transient.evicting_oldest(share, times, inf, lives)
        return Theory(float(hits.mean()), EXPIRED, LIFETIME)
    if lives < times[-1]:
        return _both_bind(settings, share, capacity, times)
    return _eviction_alone(settings, share, capacity, fills_at, times)


def _eviction_alone(
    settings: Settings, share: Floats, capacity: float, fills_at: float, times: Floats
) -> Theory | None:
    recent = float(transient.keeping_recent(share, times, fills_at).mean())
    if times[-1] <= fills_at:
        return Theory(recent, EXPIRED, "Every product asked for is kept: nothing was evicted yet")
    if not settings.evicts:
        kept = -np.expm1(-share * fills_at)
        return Theory(recent, CONFIDENCE * sqrt(float((share**2 * kept * (1 - kept)).sum())), FROZEN)
    if settings.eviction == "allkeys-random":
        return Theory(float(transient.evicting_at_random(share, times, capacity).mean()), SAMPLED, MEAN_FIELD)
    if settings.eviction == "allkeys-lru":
        if not coarse_clock(settings, capacity):
            return Theory(recent, SAMPLED, CHE)
        blurred = recent - float(transient.evicting_at_random(share, times, capacity).mean())
        return Theory(recent, SAMPLED + blurred, f"{CHE}; the tolerance reaches down to random eviction")
    return None  # of LFU in Redis, which forgets with time, only a bound is known


def _both_bind(settings: Settings, share: Floats, capacity: float, times: Floats) -> Theory | None:
    lives = settings.ttl_s * settings.reads_per_s
    if settings.eviction == "volatile-ttl":
        hits = transient.evicting_oldest(share, times, capacity, lives)
        return Theory(float(hits.mean()), SAMPLED + EXPIRED, OLDEST)
    if times[0] < lives or coarse_clock(settings, capacity):
        return None  # theory knows the steady state alone
    if settings.eviction == "allkeys-lru":
        hit, _ = theory.lru(share, capacity, lives)
        return Theory(theory.overall(share, hit), SAMPLED + EXPIRED, TOGETHER)
    if settings.eviction == "allkeys-random":
        hit, _ = theory.random(share, capacity, lives)
        return Theory(theory.overall(share, hit), SAMPLED + EXPIRED, MEAN_FIELD)
    return None


def expected_figures(settings: Settings, capacity: float, span: Span) -> dict[str, Expected]:
    """Return theory by figure for a run whose cache held `capacity` keys, judged over `span`.

    A tolerance is the slack of the model plus the chance of a sample of this size (95 %).
    """
    expected: dict[str, Expected] = {}
    rate, seconds = settings.reads_per_s, span[1] - span[0]
    if known := hit_ratio_theory(settings, capacity, span):
        hit = known.hit_ratio
        chance = CONFIDENCE * sqrt(hit * (1 - hit) / (rate * seconds))
        expected["hit_ratio"] = Expected(hit, known.slack + chance, known.source)
        queries = (1 - hit) * rate
        chance = CONFIDENCE * sqrt(queries / seconds)
        source = "One query a read" if hit == 0 else f"Misses: (1 − hit ratio) × reads a second. {known.source}"
        expected["db_queries_per_s"] = Expected(queries, known.slack * rate + chance, source)
    if (peak := flush_peak(settings, capacity)) is not None:
        tolerance = CONFIDENCE * sqrt(peak) + 0.02 * peak
        source = "The different products asked for in the first second after the flush"
        expected["db_queries_peak_per_s"] = Expected(peak, tolerance, source)
    return expected


def flush_peak(settings: Settings, capacity: float) -> float | None:
    """Return how many different products are asked for in one second, which an empty cache must all fetch.

    None if the peak of the run is not of that kind: no flush, or a cache too small to keep one second's worth.
    """
    if settings.event != "flush" or not settings.cached or 0 < settings.ttl_s < WINDOW_S:
        return None
    share = popularity(settings.objects, settings.alpha)
    different = float(-np.expm1(-share * settings.reads_per_s * WINDOW_S).sum())
    return different if different <= capacity else None
