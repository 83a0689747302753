"""Which requests come to a content delivery network? One stream for each of moment, object and edge."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.simulator.caches import popularity
from apps.simulator.cdn.system import Cdn
from apps.simulator.streams import Floats, stream

Ints = NDArray[np.int64]


class Requests(NamedTuple):
    """What was drawn, one entry a request, in order of time."""

    came: Floats  # at the edge, in seconds
    item: Ints  # by popularity, 0 is asked for most
    edge: Ints


def draw(cdn: Cdn, seed: int, seconds: float) -> Requests:
    """Return the requests within so many seconds. Another network with the same clients sees the same ones."""
    expected = cdn.rate * seconds
    gaps = stream(seed, "requests").standard_exponential(int(expected + 6 * expected**0.5 + 10)) / cdn.rate
    came = np.cumsum(gaps)
    came = came[came < seconds]
    share = popularity.popularity(cdn.objects, cdn.alpha)
    return Requests(
        came=came,
        item=popularity.draw(share, len(came), stream(seed, "objects")),
        edge=stream(seed, "edges").integers(0, cdn.edges, len(came)),
    )
