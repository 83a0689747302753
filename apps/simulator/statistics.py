"""What does a long run add up to? Means with intervals, and percentiles, in memory that does not grow with the run.

The beginning of a run is left out (warm-up), the rest is cut into twenty batches. Neighbouring customers meet the same
queue and are alike; batches are long enough to be nearly independent, so their spread gives an honest interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.simulator.streams import Floats

BATCHES = 20
T95 = 2.093024054408263  # Student's t, 19 degrees of freedom, 95 % two-sided
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
    """Return mean and 95 % interval of the values of batches (Student's t); NaNs are batches without a value."""
    values = batches[np.isfinite(batches)]
    if len(values) < 2:
        return Estimate(float(values[0]) if len(values) else float("nan"), float("inf"))
    spread = float(values.std(ddof=1)) / len(values) ** 0.5
    return Estimate(float(values.mean()), T95 * spread)


def ratio(above: NDArray[np.generic], below: NDArray[np.generic]) -> Floats:
    """Return quotients; NaN where there is nothing to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(below) > 0, np.asarray(above) / np.asarray(below), np.nan)


def percentile(bins: Counts, share: float) -> Estimate:
    """Return a percentile of binned times in seconds, right within half a per cent, and its interval from batches.

    `bins` has a row a batch; `share` is 0.99 for the slowest hundredth.
    """
    whole = _percentile(bins.sum(axis=0), share)
    each = estimate(np.array([_percentile(row, share) if row.sum() else np.nan for row in bins]))
    return Estimate(whole, each.half_width)


def _percentile(counts: Counts, share: float) -> float:
    place = int(np.searchsorted(np.cumsum(counts), share * counts.sum(), side="left"))
    return 0.0 if place == 0 else float(LEAST_S * RATIO ** (place - 0.5))
