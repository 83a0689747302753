"""What do the events of a caching run add up to? Pure functions from times and hits to figures and live points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from apps.experiments.base import Point
from apps.experiments.caches.journal import HIT, Requests
from apps.experiments.zipf import Floats

WINDOW_S = 1.0
STEP_S = 0.05
TICK_S = 0.25
BACK_WITHIN = 0.05  # five points of hit ratio

Span = tuple[float, float]
Batches = Sequence[tuple[float, int]]  # when, how many products


def within(times: Floats, span: Span) -> NDArray[np.bool_]:
    """Return which times lie in a span, its end left out."""
    return np.asarray((times >= span[0]) & (times < span[1]))


def hit_ratio(requests: Requests, span: Span) -> float:
    """Return the share of the reads due in `span` that the cache answered; 0 if there were none."""
    found = requests.found[within(requests.due, span) & requests.answered & ~requests.writes]
    return float((found == HIT).mean()) if len(found) else 0.0


def stale_fraction(requests: Requests, span: Span) -> float:
    """Return the share of the reads due in `span` that got less than had been acknowledged before they began."""
    stale = requests.stale[within(requests.due, span) & requests.answered & ~requests.writes]
    return float(stale.mean()) if len(stale) else 0.0


def queries(requests: Requests, batches: Batches) -> Floats:
    """Return when the database was asked: once a load, once a single write, once a batch."""
    return np.concatenate([requests.asked, [at for at, _ in batches]])


def rate(times: Floats, span: Span) -> float:
    """Return how many of `times` fall into `span`, per second."""
    return float(np.count_nonzero(within(times, span))) / (span[1] - span[0])


def peak_rate(times: Floats, span: Span) -> float:
    """Return the most `times` in any window of one second that begins and ends within `span`, per second."""
    inside = np.sort(times[within(times, span)])
    window = min(WINDOW_S, span[1] - span[0])
    if not len(inside):
        return 0.0
    after = np.searchsorted(inside, inside + window, side="left") - np.arange(len(inside))
    return float(after.max()) / window


def latency_ms(requests: Requests, span: Span, percent: float, *, writes: bool = False) -> float:
    """Return a percentile of the time from intended start to end of the reads (or the writes) due in `span`, in ms;
    0 if there were none."""
    taken = (requests.ended - requests.due)[within(requests.due, span) & (requests.writes == writes)]
    taken = taken[np.isfinite(taken)]
    return float(np.percentile(taken, percent)) * 1e3 if len(taken) else 0.0


def load_ms(requests: Requests, span: Span) -> float | None:
    """Return the median time from asking the database for a read to having stored its answer, in ms; None if no
    read asked."""
    taken = (requests.filled - requests.asked)[within(requests.asked, span) & ~requests.writes]
    taken = taken[np.isfinite(taken)]
    return float(np.median(taken)) * 1e3 if len(taken) else None


def recovery_s(requests: Requests, event_at: float, until: float, level: float) -> float | None:
    """Return how long after the event a whole second is back within five points of `level`, or None if it never
    is. Only seconds that lie after the event count, so the answer is at least one."""
    for end in np.arange(event_at + WINDOW_S, until + 1e-9, STEP_S):
        if hit_ratio(requests, (end - WINDOW_S, end)) >= level - BACK_WITHIN:
            return float(end - event_at)
    return None


def live_points(requests: Requests, batches: Batches, at: float) -> Mapping[str, Point]:
    """Return the points of the last second before `at`, by series; a series without events has no point."""
    since = max(0.0, at - WINDOW_S)
    recent = (requests.ended > since) & (requests.ended <= at) & requests.answered
    reads, writes = recent & ~requests.writes, recent & requests.writes
    taken = (requests.ended - requests.due) * 1e3
    points = {"db_queries_per_s": rate(queries(requests, batches), (since, at))}
    if reads.any():
        points["hit_ratio"] = float((requests.found[reads] == HIT).mean())
        points["read_p50_ms"], points["read_p99_ms"] = (float(value) for value in np.percentile(taken[reads], (50, 99)))
    if writes.any():
        points["write_p50_ms"] = float(np.median(taken[writes]))
        if reads.any():
            points["stale_read_fraction"] = float(requests.stale[reads].mean())
    # Of the last tick only: a stampede lasts for milliseconds, and one point is enough to show it.
    points["identical_queries"] = most_alike(requests, (at - TICK_S, at))
    return {name: (round(at, 3), round(value, 4)) for name, value in points.items()}


def most_alike(requests: Requests, span: Span) -> float:
    """Return the most queries for one product that were in flight at once, of those that began in `span`."""
    alike = requests.alike[within(requests.asked, span)]
    return float(alike.max()) if len(alike) else 0.0
