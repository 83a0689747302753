"""What happened to each read? Written by the clients while they run, one slot per read, judged afterwards."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from apps.experiments.openloop import OpenLoop
from apps.experiments.zipf import Floats

PENDING, MISS, HIT = -1, 0, 1


class Journal:
    """Slots for every read of the schedule. Each is written by one client only, so nothing is locked."""

    def __init__(self, objects: list[int]) -> None:
        self.objects = objects  # id of the product that each read asks for
        self.found = array("b", [PENDING]) * len(objects)
        self.asked_at = array("d", [nan]) * len(objects)  # when the database was asked, on the clock; NaN: never
        self.refused = array("b", [0]) * len(objects)  # 1: the cache was full and did not store it

    def so_far(self, schedule: Floats, loop: OpenLoop, ended_by: float) -> Reads:
        """Return copies of what has happened, in seconds since the start; reads that were due but not ended by
        `ended_by` count as ended then, so that the slowest are not left out of the latencies."""
        ended = loop.ended.copy()
        answered = np.isfinite(ended)
        ended[~answered & (schedule < ended_by)] = ended_by
        return Reads(
            due=schedule,
            ended=ended,
            answered=answered,
            found=np.frombuffer(self.found, dtype=np.int8).copy(),
            asked=np.frombuffer(self.asked_at).copy() - loop.start,
            refused=int(np.count_nonzero(np.frombuffer(self.refused, dtype=np.int8))),
        )


@dataclass(frozen=True, slots=True)
class Reads:
    """What happened to every read, in seconds since the start. NaN: did not happen."""

    due: Floats
    ended: Floats
    answered: NDArray[np.bool_]
    found: NDArray[np.int8]
    asked: Floats
    refused: int

    def queries(self) -> int:
        """Return how often the database was asked."""
        return int(np.count_nonzero(np.isfinite(self.asked)))

    def completed(self) -> int:
        """Return how many reads were answered."""
        return int(np.count_nonzero(self.answered))
