"""How even is a placement, and how much of it moves? Measured on keys, and as theory has it.

Sources: the shares of a ring's nodes are sums of spacings (a Dirichlet law), and so nearly gamma with as many degrees
as points; the largest of n follows from it. Wilson and Hilferty (1931) for the gamma quantile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from statistics import NormalDist, fmean

import numpy as np
from numpy.typing import NDArray

from apps.simulator.hashing.stable import Ints

Floats = NDArray[np.float64]
GRID = 400  # quantiles over which a mean is taken


def loads(owners: Ints, nodes: Sequence[int], weights: Floats | None = None) -> Floats:
    """Return the keys of each node, or the sum of their weights, in the order of `nodes`."""
    counted = np.bincount(owners, weights, minlength=max(nodes) + 1)
    return np.asarray(counted, dtype=np.float64)[list(nodes)]


def max_over_mean(load: Floats) -> float:
    """Return how many times the mean the fullest node has; 1 is perfectly even."""
    return float(load.max() / load.mean())


def variation(load: Floats) -> float:
    """Return the coefficient of variation: standard deviation over mean."""
    return float(load.std() / load.mean())


def moved(before: Ints, after: Ints, weights: Floats | None = None) -> float:
    """Return the share of the keys, or of their weights, that have another node than before."""
    return float(np.average(before != after, weights=weights))


def ring_variation(nodes: int, vnodes: int) -> float:
    """Return the coefficient of variation of the nodes' shares, over all rings: sqrt((1 - 1/n)/(v + 1/n))."""
    return sqrt((1 - 1 / nodes) / (vnodes + 1 / nodes))


@dataclass(frozen=True, slots=True)
class Largest:
    """The share of the fullest node over the mean: its mean, and where it lies in 95 of 100 cases."""

    mean: float
    low: float
    high: float


def largest(nodes: int, points: float) -> Largest:
    """Return the largest of n equal gamma variables of mean 1 with `points` degrees.

    `points` is v for the arcs of a ring, keys/n for keys dealt at random, and 1/(1/v + n/keys) for both.
    """

    def quantile(share: float) -> float:
        below = share ** (1 / nodes)  # all n lie below it
        if points <= 1:
            return -log(1 - below)  # one point a node: exponential
        normal = NormalDist().inv_cdf(below)
        return float((1 - 1 / (9 * points) + normal / (3 * sqrt(points))) ** 3)

    return Largest(fmean(quantile((i + 0.5) / GRID) for i in range(GRID)), quantile(0.025), quantile(0.975))
