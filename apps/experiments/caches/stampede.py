"""How does one query serve many readers? Of all who want the same product, one goes and tells the rest."""

from __future__ import annotations

from math import log
from threading import Event, Lock

BETA = 1.0  # how eager early refresh is; 1 is what Vattani and others (2015) recommend
PATIENCE_S = 5.0  # a reader that waits longer for another's query asks for itself


class Flight:
    """One query under way, and the version that it brought; None while it is under way, or if it failed."""

    def __init__(self) -> None:
        self._landed = Event()
        self.version: int | None = None

    def wait(self) -> int | None:
        """Return the version that the query brought; None if it failed or took too long."""
        return self.version if self._landed.wait(PATIENCE_S) else None

    def land(self) -> None:
        """Wake those who wait."""
        self._landed.set()


class Flights:
    """The queries under way in this process, by product. Between processes a lock in the cache would do the same."""

    def __init__(self) -> None:
        self._lock, self._under_way = Lock(), dict[int, Flight]()

    def join(self, product: int) -> tuple[Flight, bool]:
        """Return the flight for a product, and whether the caller is its pilot and must `land` it."""
        with self._lock:
            if flight := self._under_way.get(product):
                return flight, False
            flight = self._under_way[product] = Flight()
            return flight, True

    def land(self, product: int, flight: Flight) -> None:
        """End a flight: who comes now looks into the cache, or starts another."""
        with self._lock:
            del self._under_way[product]
        flight.land()


def refresh_now(took_s: float, left_s: float, chance: float) -> bool:
    """Return whether a reader refreshes a copy that ends in `left_s`: −βδ ln U ≥ time left, with U in (0, 1].

    Source: Vattani, Chierichetti, Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", PVLDB 8(8), 2015.
    """
    return -BETA * took_s * log(chance) >= left_s
