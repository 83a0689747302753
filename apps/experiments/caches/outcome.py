"""What does a caching run end with? Figures, theory beside them, caveats, exhibits, and every count made twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from apps.experiments.base import Expected, Outcome
from apps.experiments.caches import judge
from apps.experiments.caches.beside import Beside
from apps.experiments.caches.bursts import Burst, expected_queries, of_expiries
from apps.experiments.caches.caveats import Seen, caveats, late, overloaded, too_few_clients
from apps.experiments.caches.exhibits import exhibits
from apps.experiments.caches.expectation import stay_s
from apps.experiments.caches.journal import Requests
from apps.experiments.caches.losses import Losses
from apps.experiments.caches.promise import expected_figures
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
    """Everything that was recorded in a run."""

    requests: Requests
    slip: Floats
    keys: Sequence[tuple[float, int]]  # when, how many products the full cache held
    event_at_s: float | None  # when the event really happened
    batches: judge.Batches
    losses: Losses
    lost: tuple[int, ...]  # numbers of the requests whose writes are gone
    hottest: int
    took_s: float | None  # what the query for the copy cost that ended at the event
    counted: Mapping[str, tuple[int, int]]
    placement: str
    beside: Beside | None = None


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
    swing = float(np.std(held)) / capacity if held else 0.0
    seen = of_expiries(settings, evidence.requests, evidence.hottest, evidence.event_at_s, span)
    figures = _figures(settings, evidence, span, seen)
    if held:
        figures["cached_keys"] = capacity
    if evidence.beside:
        figures |= evidence.beside.figures(span)
    about = Seen(settings, figures, evidence.requests, evidence.slip, evidence.counted, evidence.event_at_s, seen)
    return Outcome(
        figures=figures,
        expected=_expected(about, evidence.took_s, capacity, span, steady=swing <= STEADY_WITHIN),
        caveats=(*caveats(about), *([UNSTEADY.format(min(held), max(held))] if swing > STEADY_WITHIN else [])),
        counted=evidence.counted,
        exhibits=tuple(exhibits(settings, evidence.requests, evidence.losses, evidence.event_at_s, seen)),
        placement=evidence.placement,
        model=evidence.beside.model if evidence.beside else "",
        gap=evidence.beside.gap(figures, span) if evidence.beside else "",
        generator_bound=late(evidence.slip) or too_few_clients(about),
    )


def _expected(
    about: Seen, took_s: float | None, capacity: float, span: judge.Span, *, steady: bool
) -> dict[str, Expected]:
    """Return theory by figure. It speaks of requests that are all answered, and of a size that does not change."""
    expected = expected_figures(about.settings, capacity, span)
    if not steady or overloaded(about):
        expected = {name: theory for name, theory in expected.items() if name == "lost_writes"}
    theory = expected_queries(about.settings, about.bursts, took_s)
    if "recomputations" in about.figures and theory and not too_few_clients(about):
        expected["recomputations"] = theory
    return expected


def _figures(settings: Settings, evidence: Evidence, span: judge.Span, seen: Sequence[Burst]) -> dict[str, float]:
    requests = evidence.requests
    whole = (span[0], settings.duration_s)
    queries = judge.queries(requests, evidence.batches)
    figures = {
        "db_queries_per_s": judge.rate(queries, span),
        "db_queries_peak_per_s": judge.peak_rate(queries, whole),
        "identical_queries": judge.most_alike(requests, whole),
        "offered_per_s": len(requests.due) / settings.duration_s,
        "completed_per_s": requests.completed() / settings.duration_s,
    }
    if (~requests.writes).any():
        figures |= {
            "hit_ratio": judge.hit_ratio(requests, span),
            "read_p50_ms": judge.latency_ms(requests, whole, 50),
            "read_p99_ms": judge.latency_ms(requests, whole, 99),
        }
    if requests.writes.any():
        figures |= {
            "write_p50_ms": judge.latency_ms(requests, whole, 50, writes=True),
            "write_p99_ms": judge.latency_ms(requests, whole, 99, writes=True),
            "stale_read_fraction": judge.stale_fraction(requests, whole),
        }
    if requests.writes.any() or settings.event == "redis-down":
        figures["lost_writes"] = float(len(evidence.lost))
    if (load := judge.load_ms(requests, whole)) is not None:
        figures["load_ms"] = load
    if seen:
        figures["recomputations"] = float(np.mean([burst.queries for burst in seen]))
    if evidence.event_at_s is not None and settings.event in ("flush", "redis-down") and "hit_ratio" in figures:
        level = figures["hit_ratio"]
        recovery = judge.recovery_s(requests, evidence.event_at_s, settings.duration_s, level)
        if recovery is not None:
            figures["recovery_s"] = recovery
    return figures
