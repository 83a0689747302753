"""What is counted in a run of a system? Arrays by service, batch and bucket of time, that do not grow with the run."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

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


class Books(NamedTuple):
    """The same in few arrays, in which all that one event counts lies side by side: what a compiled loop writes."""

    by_service: NDArray[Any]  # [service, batch] of BY_SERVICE
    by_batch: NDArray[Any]  # [batch] of BY_BATCH
    by_bucket: NDArray[Any]  # [bucket] of BY_BUCKET
    by_service_bucket: NDArray[Any]  # [service, bucket] of BY_SERVICE_BUCKET
    response_bins: Counts
    latency_bins: Counts
    served_by: Counts


_F, _I = np.float64, np.int64
BY_SERVICE = np.dtype(
    [("waits", _F), ("responses", _F), ("queue_area", _F), ("busy_area", _F), ("server_area", _F)]
    + [("served", _I), ("attempts", _I), ("refused", _I), ("wasted", _I)]
)
BY_BATCH = np.dtype([("seconds", _F), ("latency", _F), ("good", _I), ("failed", _I)])
BY_BUCKET = np.dtype([("latency", _F), ("offered", _I), ("good", _I), ("failed", _I)])
BY_SERVICE_BUCKET = np.dtype([("queue", _F), ("busy", _F), ("attempts", _I)])


def empty_books(services: int, replicas: int) -> Books:
    """Return books of so many services and replicas in which nothing is written yet."""
    return Books(
        by_service=np.zeros((services, BATCHES), BY_SERVICE),
        by_batch=np.zeros(BATCHES, BY_BATCH),
        by_bucket=np.zeros(BUCKETS, BY_BUCKET),
        by_service_bucket=np.zeros((services, BUCKETS), BY_SERVICE_BUCKET),
        response_bins=np.zeros((services, BATCHES, BINS), _I),
        latency_bins=np.zeros((BATCHES, BINS), _I),
        served_by=np.zeros(replicas, _I),
    )


def tallies_of(books: Books) -> Tallies:
    """Return the columns of the books: what is written to one is in the other."""
    columns: dict[str, Any] = {name: books.by_service[name] for name in BY_SERVICE.names or ()}
    columns |= {name: books.by_batch[name] for name in BY_BATCH.names or ()}
    columns |= {f"t_{name}": books.by_bucket[name] for name in BY_BUCKET.names or ()}
    columns |= {f"t_{name}": books.by_service_bucket[name] for name in BY_SERVICE_BUCKET.names or ()}
    return Tallies(
        **columns, response_bins=books.response_bins, latency_bins=books.latency_bins, served_by=books.served_by
    )


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
