"""What is counted in a run of a system? Arrays by service, batch and bucket of time, that do not grow with the run."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import NamedTuple

import numpy as np

from apps.simulator.statistics import BATCHES, BINS, Counts
from apps.simulator.streams import Floats

BUCKETS = 4_096  # of the timeline; when they are full, two become one
MARKS_KEPT = 10_000


class Tallies(NamedTuple):
    """By service and batch, by batch, by replica (of all services, in order); `t_…`: by bucket of the timeline."""

    waits: Floats
    responses: Floats
    served: Counts
    attempts: Counts
    refused: Counts
    wasted: Counts
    queue_area: Floats
    busy_area: Floats
    server_area: Floats  # servers that are there, times seconds
    response_bins: Counts
    served_by: Counts
    seconds: Floats
    latency: Floats
    good: Counts
    failed: Counts
    latency_bins: Counts
    t_offered: Counts
    t_good: Counts
    t_failed: Counts
    t_latency: Floats
    t_attempts: Counts
    t_queue: Floats
    t_busy: Floats


def empty_tallies(services: int, replicas: int) -> Tallies:
    """Return tallies of nothing."""
    by_batch, by_bucket = (services, BATCHES), (services, BUCKETS)

    def counts(*shape: int) -> Counts:
        return np.zeros(shape, dtype=np.int64)

    return Tallies(
        waits=np.zeros(by_batch), responses=np.zeros(by_batch), served=counts(*by_batch), attempts=counts(*by_batch),
        refused=counts(*by_batch), wasted=counts(*by_batch), queue_area=np.zeros(by_batch),
        busy_area=np.zeros(by_batch), server_area=np.zeros(by_batch), response_bins=counts(*by_batch, BINS),
        served_by=counts(replicas), seconds=np.zeros(BATCHES), latency=np.zeros(BATCHES), good=counts(BATCHES),
        failed=counts(BATCHES), latency_bins=counts(BATCHES, BINS), t_offered=counts(BUCKETS),
        t_good=counts(BUCKETS), t_failed=counts(BUCKETS), t_latency=np.zeros(BUCKETS), t_attempts=counts(*by_bucket),
        t_queue=np.zeros(by_bucket), t_busy=np.zeros(by_bucket),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """How long a run is, and how it is cut: by the number of requests that have ended, or at moments.

    `edges`: where each batch begins, in seconds, and infinity; only that when requests are counted.
    """

    requests: int
    warm_up: int
    until: float
    edges: Floats

    @classmethod
    def of_requests(cls, requests: int, warm_up: float) -> Span:
        """Return a run that ends with so many requests; the first share of them is left out."""
        return cls(requests, int(requests * warm_up), inf, np.full(BATCHES + 1, inf))

    @classmethod
    def of_seconds(cls, seconds: float, warm_up: float) -> Span:
        """Return a run of so many seconds; the first share of them is left out."""
        edges = np.append(np.linspace(seconds * warm_up, seconds, BATCHES + 1)[:-1], inf)
        return cls(0, 0, seconds, edges)

    @property
    def most_inside(self) -> int:
        """Return how many requests may be under way before a run that waits for requests to end gives up."""
        return max(self.requests, 100_000) if self.requests else 2**62
