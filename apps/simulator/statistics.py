"""What does a long run add up to? Means with intervals, and percentiles, in memory that does not grow with the run.

The beginning of a run is left out (warm-up), the rest is cut into twenty batches. Neighbouring customers meet the same
queue and are alike; batches are long enough to be nearly independent, so their spread gives an honest interval (batch
means: Law, Simulation Modeling and Analysis, 2015, section 9.5). Near saturation twenty batches are still alike, and a
percentile, which a few bad moments decide, is cut into fewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log, nan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.simulator.streams import Floats

BATCHES = 20
# Student's t, 95 % two-sided, for 1 to 19 degrees of freedom
T95 = (
    12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139,
    2.200985, 2.178813, 2.160369, 2.144787, 2.131450, 2.119905, 2.109816, 2.100922, 2.093024,
)  # fmt: skip
CUTS = (10, 5, 3)  # into how many batches a run is cut for a percentile
MOST = 100.0  # logarithm of a factor beyond which nothing is known
WARM_UP = 0.1  # share of the customers that is left out
LEAST_S = 1e-7  # what takes less time counts as no time
RATIO = 1.01  # of the borders of a bin: a percentile is right within half a per cent
LOG_RATIO = log(RATIO)
BINS = 3_200  # up to 1e-7 s times 1.01^3200, some 78 days

Counts = NDArray[np.int64]


class Tallies(NamedTuple):
    """What was counted, by station and batch; `through` is of whole visits, from arrival to leaving for good."""

    waits: Floats  # summed seconds
    responses: Floats
    served: Counts
    refused: Counts
    queue_area: Floats  # customers waiting times seconds
    busy_area: Floats  # servers busy times seconds
    seconds: Floats  # length of each batch
    wait_bins: Counts
    response_bins: Counts
    through: Floats
    through_count: Counts
    through_bins: Counts


def empty_tallies(stations: int) -> Tallies:
    """Return tallies of nothing."""
    by_batch, bins = (stations, BATCHES), (stations, BATCHES, BINS)
    return Tallies(
        waits=np.zeros(by_batch),
        responses=np.zeros(by_batch),
        served=np.zeros(by_batch, dtype=np.int64),
        refused=np.zeros(by_batch, dtype=np.int64),
        queue_area=np.zeros(by_batch),
        busy_area=np.zeros(by_batch),
        seconds=np.zeros(BATCHES),
        wait_bins=np.zeros(bins, dtype=np.int64),
        response_bins=np.zeros(bins, dtype=np.int64),
        through=np.zeros(BATCHES),
        through_count=np.zeros(BATCHES, dtype=np.int64),
        through_bins=np.zeros((BATCHES, BINS), dtype=np.int64),
    )


def bin_of(seconds: float) -> int:
    """Return the number of the bin of a time."""
    if seconds <= LEAST_S:
        return 0
    return min(BINS - 1, 1 + int(log(seconds / LEAST_S) / LOG_RATIO))


def batch_of(left: int, warm_up: int, customers: int) -> int:
    """Return the batch of the customer who is number `left` to leave, -1 while the run warms up."""
    if left < warm_up:
        return -1
    return min(BATCHES - 1, (left - warm_up) * BATCHES // max(1, customers - warm_up))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and how far the true one may be, in 95 of 100 runs."""

    value: float
    half_width: float

    def holds(self, truth: float) -> bool:
        """Return whether the interval covers a value."""
        return abs(self.value - truth) <= self.half_width


def estimate(batches: Floats) -> Estimate:
    """Return mean and 95 % interval of the values of batches (Student's t); NaNs are batches without a value.

    For values that weigh the same in every batch. The mean of quotients is not the quotient: see `ratio_estimate`.
    """
    values = batches[np.isfinite(batches)]
    if len(values) < 2:
        return Estimate(float(values[0]) if len(values) else nan, inf)
    return Estimate(float(values.mean()), _half_width(values))


def ratio_estimate(above: NDArray[np.generic], below: NDArray[np.generic]) -> Estimate:
    """Return the quotient of two sums over batches and its 95 % interval; NaN where there is nothing to divide by.

    The interval is that of the ratio estimator (Cochran, Sampling Techniques, 1977, section 6.3): batches count by
    what they hold, so that a short one with a wild quotient does not move the whole.
    """
    tops, bottoms = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    counted = np.isfinite(tops) & np.isfinite(bottoms) & ((tops != 0) | (bottoms > 0))
    tops, bottoms = tops[counted], bottoms[counted]
    whole = float(bottoms.sum())
    if whole <= 0:
        return Estimate(nan, inf)
    value = float(tops.sum()) / whole
    if len(tops) < 2:
        return Estimate(value, inf)
    return Estimate(value, _half_width((tops - value * bottoms) / (whole / len(tops))))


def _half_width(values: Floats) -> float:
    t95 = T95[min(len(values) - 1, len(T95)) - 1]
    return float(t95 * values.std(ddof=1) / len(values) ** 0.5)


def ratio(above: NDArray[np.generic], below: NDArray[np.generic]) -> Floats:
    """Return quotients; NaN where there is nothing to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(below) > 0, np.asarray(above) / np.asarray(below), np.nan)


def percentile(bins: Counts, share: float) -> Estimate:
    """Return a percentile of binned times in seconds, right within half a per cent, and its interval from batches.

    `bins` has a row a batch; `share` is 0.99 for the slowest hundredth. Batch means for quantiles: the share of each
    batch that lies above the percentile is a mean like any other, with an interval by Student's t, and the histogram
    turns its ends into times (Seila, A batching approach to quantile estimation, Management Science 28, 1982). The
    half width is the larger distance. It is infinite where less than one value would lie above the upper end, and where
    there are no values at all; the percentile is then 0.

    The share is skewed and its batches are alike near saturation. So the interval is one of its logarithm, and the
    widest of three cuts of the run. Measured on the 99th percentile of the wait in M/M/1, 200,000 customers, 150 seeds:
    it holds the truth in 96 % or more up to a utilisation of 0.9, in 92 % at 0.95. A percentile that only a few moments
    of the run decide, like the 99.9th at 0.95, is held less often.
    """
    counts = bins.sum(axis=0)
    total = int(counts.sum())
    if not total:
        return Estimate(0.0, inf)
    up_to = np.cumsum(counts)
    place = int(np.searchsorted(up_to, share * total, side="left"))
    tail = 1 - share
    factor = _uncertainty(bins, place, least=total * tail / 2)
    if total * tail < factor:
        return Estimate(_time(place), inf)
    low = int(np.searchsorted(up_to, max(0.0, 1 - tail * factor) * total, side="left"))
    high = int(np.searchsorted(up_to, (1 - tail / factor) * total, side="left"))
    return Estimate(_time(place), max(_time(place) - _time(low, -0.5), _time(high, 0.5) - _time(place)))


def _uncertainty(bins: Counts, place: int, least: float) -> float:
    """Return by what factor the share above a bin may be off: the worst that the cuts of the run say.

    Where many values are alike, fewer than `least` may lie above their bin; then it counts itself.
    """
    beyond, sizes = bins[:, place + 1 :].sum(axis=1), bins.sum(axis=1)
    if beyond.sum() < max(least, 1):
        beyond = bins[:, place:].sum(axis=1)
    factor = 1.0
    for cut in CUTS:
        parts = [np.array([part.sum() for part in np.array_split(each, cut)]) for each in (beyond, sizes)]
        above = ratio_estimate(*parts)
        relative = above.half_width / above.value
        factor = max(factor, exp(relative) if relative < MOST else inf)
    return factor


def _time(place: int, off: float = 0.0) -> float:
    """Return the time in the middle of a bin in seconds, or at the border half a bin away."""
    return 0.0 if place == 0 else float(LEAST_S * RATIO ** (place - 0.5 + off))
