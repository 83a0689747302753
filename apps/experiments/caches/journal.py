"""What happened to each request? Written by the clients while they run, one slot per request, judged afterwards."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from math import nan
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from apps.experiments.openloop import OpenLoop
from apps.experiments.zipf import Floats

# A read that was SHARED waited for the query of another; WROTE is a write that was acknowledged.
PENDING, MISS, HIT, SHARED, WROTE = -1, 0, 1, 2, 3


class Journal:
    """Slots for every request of the schedule. Each slot is written by one client only, so those are not locked."""

    def __init__(self, products: list[int], writes: list[bool], base: int) -> None:
        slots = len(products)
        self.products = products  # id of the product that each request is about
        self.writes = writes  # whether it is a write
        self.base = base  # versions of this run are above it
        self.found = array("b", [PENDING]) * slots
        self.asked_at = array("d", [nan]) * slots  # when the database was asked, on the clock; NaN: never
        self.filled_at = array("d", [nan]) * slots  # when its answer was in the cache
        self.answered_at = array("d", [nan]) * slots  # when the answer was there, if work went on after it
        self.alike = array("h", [0]) * slots  # queries for the same product then in flight, itself included
        self.stale = array("b", [0]) * slots
        self.refused = array("b", [0]) * slots  # 1: the cache was full and did not store it
        self.newest: dict[int, int] = {}  # highest acknowledged version by product
        self.mortal = 0  # the product whose copies live for a moment only, once the event has begun
        # Once, because a long list takes milliseconds, and the clients would wait for them four times a second.
        self._about = np.asarray(products), np.asarray(writes, dtype=bool)
        self._loading: dict[int, int] = {}
        self._lock = Lock()

    def version(self, i: int) -> int:
        """Return the version that request number i writes. Later requests write higher ones."""
        return self.base + 1 + i

    def acknowledge(self, i: int) -> None:
        """Note that write number i has been acknowledged: from now on a read of less is stale."""
        product, version = self.products[i], self.base + 1 + i
        with self._lock:
            if version > self.newest.get(product, 0):
                self.newest[product] = version
        self.found[i] = WROTE

    def load_begins(self, i: int) -> None:
        """Count one more query in flight for the product of request number i."""
        product = self.products[i]
        with self._lock:
            self.alike[i] = self._loading[product] = self._loading.get(product, 0) + 1

    def load_ends(self, i: int) -> None:
        """Count one less."""
        with self._lock:
            self._loading[self.products[i]] -= 1

    def acknowledged(self) -> list[tuple[int, int, int]]:
        """Return (number, product, version) of every write acknowledged so far."""
        wrote = np.flatnonzero(np.frombuffer(self.found, dtype=np.int8) == WROTE).tolist()
        return [(i, self.products[i], self.version(i)) for i in wrote]

    def so_far(self, schedule: Floats, loop: OpenLoop, ended_by: float) -> Requests:
        """Return copies of what has happened, in seconds since the start; requests that were due but not ended by
        `ended_by` count as ended then, so that the slowest are not left out of the latencies."""
        early = np.frombuffer(self.answered_at) - loop.start
        ended = np.where(np.isfinite(early), early, loop.ended)
        answered = np.isfinite(ended)
        ended[~answered & (schedule < ended_by)] = ended_by
        return Requests(
            due=schedule,
            ended=ended,
            answered=answered,
            products=self._about[0],
            writes=self._about[1],
            found=np.frombuffer(self.found, dtype=np.int8).copy(),
            asked=np.frombuffer(self.asked_at).copy() - loop.start,
            filled=np.frombuffer(self.filled_at).copy() - loop.start,
            alike=np.frombuffer(self.alike, dtype=np.int16).copy(),
            stale=np.frombuffer(self.stale, dtype=np.int8).astype(bool),
            refused=int(np.count_nonzero(np.frombuffer(self.refused, dtype=np.int8))),
        )


@dataclass(frozen=True, slots=True)
class Requests:
    """What happened to every request, in seconds since the start. NaN: did not happen."""

    due: Floats
    ended: Floats
    answered: NDArray[np.bool_]
    products: NDArray[np.int64]
    writes: NDArray[np.bool_]
    found: NDArray[np.int8]
    asked: Floats
    filled: Floats
    alike: NDArray[np.int16]
    stale: NDArray[np.bool_]
    refused: int

    def queries(self) -> int:
        """Return how often the database was asked, for reads and for single writes."""
        return int(np.count_nonzero(np.isfinite(self.asked)))

    def completed(self) -> int:
        """Return how many requests were answered."""
        return int(np.count_nonzero(self.answered))
