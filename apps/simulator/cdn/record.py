"""What is written down while a content delivery network runs? One row a request."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.simulator.streams import Floats

NOT_ASKED, HIT, STALE, JOINED, MISS = range(5)
FATES = ("not asked", "hit", "stale", "joined", "miss")


class Record(NamedTuple):
    """What happened, one row a request, the refresh that it may have caused included. Times in seconds."""

    edge: NDArray[np.int8]  # of FATES
    shield: NDArray[np.int8]
    origin_at: Floats  # when the origin was asked; NaN: it was not
    latency: Floats  # from the client and back


def empty_record(count: int) -> Record:
    """Return a record of nothing."""
    return Record(
        np.zeros(count, dtype=np.int8), np.zeros(count, dtype=np.int8), np.full(count, np.nan), np.full(count, np.nan)
    )
