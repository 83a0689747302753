"""Which writes were acknowledged and are gone? Counted write by write, against what the database really holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Write = tuple[int, int, int]  # number of the request, product, version


@dataclass(frozen=True, slots=True)
class Losses:
    """What a look into the database right after the event showed. Times in seconds since the start."""

    numbers: tuple[int, ...] = ()  # of the requests whose writes were lost
    crashed_at_s: float = 0.0
    flushed_at_s: float | None = None  # when the last batch before the crash had been taken from the queue


def unconfirmed(writes: Iterable[Write], written: Mapping[int, int]) -> list[Write]:
    """Return the writes that are newer than what is known to have been written, by product."""
    return [write for write in writes if write[2] > written.get(write[1], 0)]


def lost(writes: Iterable[Write], *stores: Mapping[int, int]) -> tuple[int, ...]:
    """Return the numbers of the writes that no store holds: in each the product's version is lower, or missing.

    A version that a later write replaced is not lost, for the later one says more.
    """
    return tuple(i for i, product, version in writes if all(store.get(product, 0) < version for store in stores))
