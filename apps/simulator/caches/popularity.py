"""How do we draw requests when a few objects are far more popular than the rest? Zipf's law, seeded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from apps.simulator.streams import Floats

Ints = NDArray[np.int64]


def popularity(objects: int, alpha: float) -> Floats:
    """Return the share of the requests that goes to each object, most popular first: k^-alpha, normalised."""
    weight = np.arange(1, objects + 1, dtype=np.float64) ** -alpha
    return np.asarray(weight / weight.sum())


def draw(share: Floats, requests: int, random: np.random.Generator) -> Ints:
    """Return one popularity rank (0 is the most popular) for each request, drawn independently."""
    ranks = np.searchsorted(np.cumsum(share), random.random(requests), side="right")
    return np.minimum(ranks, len(share) - 1)  # the last cumulated share may be a hair below 1
