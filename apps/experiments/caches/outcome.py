"""What does a caching run end with? Figures, theory beside them, caveats, and every count made twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from apps.experiments.base import Outcome
from apps.experiments.caches import judge
from apps.experiments.caches.caveats import caveats
from apps.experiments.caches.expectation import expected_figures, stay_s
from apps.experiments.caches.journal import HIT, MISS, Reads
from apps.experiments.caches.settings import Settings
from apps.experiments.zipf import Floats

SETTLING = {"allkeys-random": 2.0, "allkeys-lfu": 3.0}  # times the filling, until a policy shows what it is
STEADY_WITHIN = 0.1  # standard deviation of the count of keys, as a share of their mean
UNSTEADY = (
    "The cache held between {:,} and {:,} products: it is so small that Redis's own buffers take a good part of its "
    "memory. Theory wants a size that does not change, so none is shown."
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that was recorded in a run; `queries` as PostgreSQL counted them, `stats` of Redis's INFO."""

    reads: Reads
    slip: Floats
    keys: Sequence[tuple[float, int]]
    event_at_s: float | None
    stats_before: Mapping[str, Any]
    stats_after: Mapping[str, Any]
    queries: int


def judged_span(settings: Settings) -> judge.Span:
    """Return from when to when (seconds) the steady figures are taken.

    The run starts with an empty cache, so its beginning is left out: the time to fill it, or a time to live;
    but never more than half of what there is. It ends at the event.
    """
    end = settings.steady_until_s
    filling = stay_s(settings, settings.capacity) if settings.cached else 0.0
    warm_up = 1.0 + (settings.ttl_s or filling * SETTLING.get(settings.eviction, 1.0))
    return min(warm_up, end / 2), end


def conclude(settings: Settings, evidence: Evidence) -> Outcome:
    """Return the outcome of a run."""
    span = judged_span(settings)
    held = [keys for at, keys in evidence.keys if span[0] <= at < span[1]]
    capacity = max(1.0, float(np.mean(held))) if held else float(settings.capacity)
    figures = _figures(settings, evidence, span)
    if held:
        figures["cached_keys"] = capacity
    swing = float(np.std(held)) / capacity if held else 0.0
    counted = _counted(evidence)
    return Outcome(
        figures=figures,
        expected=expected_figures(settings, capacity, span) if swing <= STEADY_WITHIN else {},
        caveats=(
            *(caveats(settings, figures, evidence.reads, evidence.slip, counted)),
            *([UNSTEADY.format(min(held), max(held))] if swing > STEADY_WITHIN else []),
        ),
        counted=counted,
    )


def _figures(settings: Settings, evidence: Evidence, span: judge.Span) -> dict[str, float]:
    reads = evidence.reads
    whole = (span[0], settings.duration_s)
    figures = {
        "hit_ratio": judge.hit_ratio(reads, span),
        "db_queries_per_s": judge.rate(reads.asked, span),
        "db_queries_peak_per_s": judge.peak_rate(reads.asked, whole),
        "read_p50_ms": judge.latency_ms(reads, whole, 50),
        "read_p99_ms": judge.latency_ms(reads, whole, 99),
        "offered_per_s": len(reads.due) / settings.duration_s,
        "completed_per_s": reads.completed() / settings.duration_s,
    }
    if evidence.event_at_s is not None and settings.cached:
        recovery = judge.recovery_s(reads, evidence.event_at_s, settings.duration_s, figures["hit_ratio"])
        if recovery is not None:
            figures["recovery_s"] = recovery
    return figures


def _counted(evidence: Evidence) -> dict[str, tuple[int, int]]:
    """Return what was counted twice: name -> (by the clients, by the servers)."""
    found = evidence.reads.found

    def redis_says(name: str) -> int:
        return int(evidence.stats_after[name]) - int(evidence.stats_before[name])

    asked_cache = redis_says("keyspace_hits") + redis_says("keyspace_misses") > 0
    counted = {"database queries": (evidence.reads.queries(), evidence.queries)}
    if asked_cache:
        counted["cache hits"] = (int(np.count_nonzero(found == HIT)), redis_says("keyspace_hits"))
        counted["cache misses"] = (int(np.count_nonzero(found == MISS)), redis_says("keyspace_misses"))
    return counted
