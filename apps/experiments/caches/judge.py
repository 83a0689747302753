"""What do the events of a caching run add up to? Pure functions from times and hits to figures and live points."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from apps.experiments.base import Point
from apps.experiments.caches.journal import HIT, Reads
from apps.experiments.zipf import Floats

WINDOW_S = 1.0
STEP_S = 0.05
BACK_WITHIN = 0.05  # five points of hit ratio

Span = tuple[float, float]


def hit_ratio(reads: Reads, span: Span) -> float:
    """Return the share of the reads due in `span` that the cache answered; 0 if there were none."""
    found = reads.found[(reads.due >= span[0]) & (reads.due < span[1]) & reads.answered]
    return float((found == HIT).mean()) if len(found) else 0.0


def rate(times: Floats, span: Span) -> float:
    """Return how many of `times` fall into `span`, per second."""
    return float(np.count_nonzero((times >= span[0]) & (times < span[1]))) / (span[1] - span[0])


def peak_rate(times: Floats, span: Span) -> float:
    """Return the most `times` in any window of one second that begins and ends within `span`, per second."""
    inside = np.sort(times[(times >= span[0]) & (times < span[1])])
    window = min(WINDOW_S, span[1] - span[0])
    if not len(inside):
        return 0.0
    after = np.searchsorted(inside, inside + window, side="left") - np.arange(len(inside))
    return float(after.max()) / window


def latency_ms(reads: Reads, span: Span, percent: float) -> float:
    """Return a percentile of the time from intended start to end of the reads due in `span`, in ms; 0 if none."""
    taken = (reads.ended - reads.due)[(reads.due >= span[0]) & (reads.due < span[1])]
    taken = taken[np.isfinite(taken)]
    return float(np.percentile(taken, percent)) * 1e3 if len(taken) else 0.0


def recovery_s(reads: Reads, event_at: float, until: float, level: float) -> float | None:
    """Return how long after the event a whole second is back within five points of `level`, or None if it never
    is. Only seconds that lie after the event count, so the answer is at least one."""
    for end in np.arange(event_at + WINDOW_S, until + 1e-9, STEP_S):
        if hit_ratio(reads, (end - WINDOW_S, end)) >= level - BACK_WITHIN:
            return float(end - event_at)
    return None


def live_points(reads: Reads, at: float) -> Mapping[str, Point]:
    """Return the points of the last second before `at`, by series; a series without events has no point."""
    since = max(0.0, at - WINDOW_S)
    recent = (reads.ended > since) & (reads.ended <= at) & reads.answered
    points = {"db_queries_per_s": (at, rate(reads.asked, (since, at)))}
    if recent.any():
        taken = (reads.ended - reads.due)[recent] * 1e3
        middle, slow = np.percentile(taken, (50, 99))
        points["hit_ratio"] = (at, float((reads.found[recent] == HIT).mean()))
        points["read_p50_ms"], points["read_p99_ms"] = (at, float(middle)), (at, float(slow))
    return {name: (round(x, 3), round(y, 4)) for name, (x, y) in points.items()}
