"""Where does a key lie? Hashes of keys, and a ring of points for consistent hashing, as numbers with a sign."""

from __future__ import annotations

import numpy as np

from apps.simulator.calls.system import Service
from apps.simulator.hashing.stable import Ints, scattered

POINTS = 100  # of each replica on the ring
_REPLICAS = 1 << 40  # points are hashed apart from keys


def mixed(numbers: Ints) -> Ints:
    """Return a hash of each number, 0 or more and below 2^63."""
    return (scattered(numbers) >> np.uint64(1)).astype(np.int64)


def ring(replicas: int) -> tuple[Ints, Ints]:
    """Return the points of a ring in order, and the replica that owns each."""
    points = mixed(_REPLICAS + np.arange(replicas * POINTS, dtype=np.int64))
    order = np.argsort(points, kind="stable")
    return points[order], (order // POINTS).astype(np.int64)


def ring_of(service: Service) -> tuple[Ints, Ints]:
    """Return the ring of a service; an empty one if its balancer asks none."""
    return ring(service.replicas if service.balancer == "consistent-hash" else 0)
