"""Which share of a run's answers took longer than a given time? Read from binned times, between the bins too."""

from __future__ import annotations

from collections.abc import Iterator
from math import log

import numpy as np

from apps.simulator.statistics import LEAST_S, LOG_RATIO, RATIO, Counts, Estimate, estimate

MOST_POINTS = 150


def share_above(bins: Counts, seconds: float) -> Estimate:
    """Return the share that took longer, and its 95 % interval from the batches (rows of `bins`)."""
    each = np.array([_above(row, seconds) if row.sum() else np.nan for row in bins])
    return Estimate(_above(bins.sum(axis=0), seconds), estimate(each).half_width)


def tail(bins: Counts) -> Iterator[tuple[float, float]]:
    """Yield (seconds, share that took longer) from 1 down to 0, at the ends of bins that hold something."""
    counts = bins.sum(axis=0)
    places = np.flatnonzero(counts)
    above = 1 - np.cumsum(counts) / counts.sum()
    kept = np.unique(np.linspace(0, len(places) - 1, min(MOST_POINTS, len(places))).astype(int))
    yield LEAST_S * RATIO ** (int(places[0]) - 1.0), 1.0
    for place in places[kept].tolist():
        yield LEAST_S * RATIO**place, float(max(0.0, above[place]))


def _above(counts: Counts, seconds: float) -> float:
    """Return the share above a time; within its bin, answers are spread evenly over the logarithm."""
    exact = 1 + log(max(seconds, LEAST_S) / LEAST_S) / LOG_RATIO
    place = min(int(exact), len(counts) - 1)
    below = counts[:place].sum() + counts[place] * (exact - int(exact))
    return float(1 - below / counts.sum())
