"""What does a part of a run add up to? Rates in a window of a timeline, and when all is well again."""

from __future__ import annotations

import numpy as np

from apps.simulator.statistics import BATCHES, Counts, Estimate, ratio_estimate
from apps.simulator.streams import Floats

WELL = 0.9  # of the rate that is asked for


def window(values: Floats | Counts, bucket_s: float, begin_s: float, end_s: float) -> Floats | Counts:
    """Return the buckets that lie wholly between two moments in seconds; at least one, as far as there are any."""
    first = int(np.ceil(begin_s / bucket_s - 1e-6))
    last = max(first + 1, int(end_s / bucket_s + 1e-6))
    return values[first:last]


def rate(counts: Counts, bucket_s: float, begin_s: float, end_s: float) -> Estimate:
    """Return how many a second there were between two moments, with the 95 % interval of the buckets in batches."""
    return share(counts, np.full(len(counts), bucket_s), bucket_s, begin_s, end_s)


def share(counts: Counts, of: Floats | Counts, bucket_s: float, begin_s: float, end_s: float) -> Estimate:
    """Return the sum of counts over the sum of others between two moments, with a 95 % interval. 0 of 0 are nan."""
    return ratio_estimate(*(_batched(window(each, bucket_s, begin_s, end_s)) for each in (counts, of)))


def _batched(values: Floats | Counts) -> Floats:
    """Return the sums of twenty parts of nearly equal length; fewer if there are not so many values."""
    return np.array([part.sum() for part in np.array_split(values, BATCHES) if len(part)], dtype=np.float64)


def well_after(good: Counts, bucket_s: float, rate_rps: float, end_s: float) -> float | None:
    """Return how many seconds after `end_s` goodput is back: until the first second with nine tenths of a rate begins.

    None if that never comes.
    """
    first = int(np.ceil(end_s / bucket_s - 1e-6))
    span = max(1, round(1 / bucket_s))
    sums = np.convolve(good[first:], np.ones(span), mode="valid") if len(good) - first >= span else np.empty(0)
    well = np.flatnonzero(sums >= WELL * rate_rps * span * bucket_s)
    return float((first + well[0]) * bucket_s - end_s) if len(well) else None
