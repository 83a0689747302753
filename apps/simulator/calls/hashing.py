"""Where does a key lie? A hash that mixes well, and a ring of points for consistent hashing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

POINTS = 100  # of each replica on the ring
_REPLICAS = 1 << 40  # points are hashed apart from keys


def mixed(numbers: Ints) -> Ints:
    """Return a hash of each number, 0 or more and below 2^63: splitmix64 (Steele, Lea, Flood 2014) without its sign."""
    with np.errstate(over="ignore"):
        z = numbers.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(1)).astype(np.int64)


def ring(replicas: int) -> tuple[Ints, Ints]:
    """Return the points of a ring in order, and the replica that owns each."""
    points = mixed(_REPLICAS + np.arange(replicas * POINTS, dtype=np.int64))
    order = np.argsort(points, kind="stable")
    return points[order], (order // POINTS).astype(np.int64)
