"""Which figures of this run does theory know, and how near should they come? A tolerance is the slack of the model
plus the chance of a sample of this size (95 %)."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, sqrt

import numpy as np

from apps.experiments.base import Expected
from apps.experiments.caches.expectation import CONFIDENCE, Theory, hit_ratio_theory
from apps.experiments.caches.judge import WINDOW_S, Span
from apps.experiments.caches.settings import Settings
from apps.experiments.zipf import popularity

SURE = 3.5  # standard deviations that the highest of the windows of a few seconds stays below
STALE_SLACK = 0.01


def expected_figures(settings: Settings, capacity: float, span: Span) -> dict[str, Expected]:
    """Return theory by figure for a run whose cache held `capacity` keys, judged over `span`."""
    reads, writes = _about_reads(settings, capacity, span), _about_writes(settings)
    return dict([*reads, *writes, *_about_the_peak(settings, capacity)])


def _about_reads(settings: Settings, capacity: float, span: Span) -> Iterator[tuple[str, Expected]]:
    known = hit_ratio_theory(settings, capacity, span)
    if known is None:
        return
    reads, seconds = settings.reads_per_s, span[1] - span[0]
    hit = known.hit_ratio
    chance = CONFIDENCE * sqrt(hit * (1 - hit) / (reads * seconds))
    yield "hit_ratio", Expected(hit, known.slack + chance, known.source)
    yield "db_queries_per_s", _queries(settings, known, seconds)
    if settings.writes_per_s and settings.event == "none" and known.stale is not None:
        tolerance = STALE_SLACK + _stale_chance(settings, seconds) if settings.cached else 0.0
        source = "A copy of age a is stale with probability 1 − e^(−wa), w being the writes to the product a second"
        yield "stale_read_fraction", Expected(known.stale, tolerance, source if settings.cached else known.source)


def _queries(settings: Settings, known: Theory, seconds: float) -> Expected:
    loads, writes = known.loads * settings.reads_per_s, settings.writes_per_s
    source = "One query a read" if known.loads == 1 else f"Loads: reads that no copy answers. {known.source}"
    if writes and settings.pattern == "write-behind":
        writes = (1 - exp(-writes * settings.flush_interval_s)) / settings.flush_interval_s
        source = f"{source}; and one statement a batch"
    elif writes:
        source = f"{source}; and one a write"
    queries = loads + writes
    chance = CONFIDENCE * sqrt(queries / seconds) + (2 / seconds if settings.pattern == "write-behind" else 0.0)
    return Expected(queries, known.slack * settings.reads_per_s + chance, source)


def _stale_chance(settings: Settings, seconds: float) -> float:
    """Return 1.96 standard deviations of the stale share: what counts is how many copies there were, not how many
    reads, for all reads of a copy after the first write to it are stale together."""
    share = popularity(settings.objects, settings.alpha)
    ttl, reads, writes = settings.ttl_s, share * settings.reads_per_s, share * settings.writes_per_s
    # The first write comes at age u with density w e^(−wu); from then on the copy is stale, for T − u. Its moments:
    mean = ttl + np.expm1(-writes * ttl) / writes
    square = np.maximum(ttl**2 - 2 / writes * mean, mean**2)
    copies = seconds / (ttl + 1 / reads)
    variance = (copies * (reads**2 * (square - mean**2) + reads * mean)).sum()
    return CONFIDENCE * sqrt(float(variance)) / (settings.reads_per_s * seconds)


def _about_writes(settings: Settings) -> Iterator[tuple[str, Expected]]:
    if not settings.writes_per_s:
        return
    if settings.pattern != "write-behind" or settings.event not in ("redis-down", "flush"):
        source = "An acknowledged write is in the database"
        if settings.pattern == "write-behind":
            source = "Nothing took the queue, so each batch reached the database"
        yield "lost_writes", Expected(0.0, 0.0, source)
        return
    most = settings.writes_per_s * min(settings.flush_interval_s, settings.event_at_s)
    source = "λI/2 on average: the event comes at any moment between two batches, so anything from 0 to λI is lost"
    yield "lost_writes", Expected(most / 2, most / 2 + CONFIDENCE * sqrt(most), source)


def _about_the_peak(settings: Settings, capacity: float) -> Iterator[tuple[str, Expected]]:
    if (peak := flush_peak(settings, capacity)) is not None:
        tolerance = CONFIDENCE * sqrt(peak) + 0.02 * peak
        source = "The different products asked for in the first second after the flush"
        yield "db_queries_peak_per_s", Expected(peak, tolerance, source)
    elif settings.event == "redis-down":
        peak = settings.offered_rps
        source = "While the cache is away, every request is a query"
        yield "db_queries_peak_per_s", Expected(peak, SURE * sqrt(peak) + 0.02 * peak, source)


def flush_peak(settings: Settings, capacity: float) -> float | None:
    """Return how many different products are asked for in one second, which an empty cache must all fetch.

    None if the peak of the run is not of that kind: no flush, writes besides, queries so slow that many ask for one
    product, or a cache too small to keep one second's worth.
    """
    if settings.event != "flush" or settings.writes_per_s or 0 < settings.ttl_s < WINDOW_S:
        return None
    if settings.db_cost == "aggregate":
        return None
    share = popularity(settings.objects, settings.alpha)
    different = float(-np.expm1(-share * settings.offered_rps * WINDOW_S).sum())
    return different if different <= capacity else None
