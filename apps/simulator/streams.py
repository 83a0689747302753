"""Where does randomness come from? One seeded stream for each source, so that two variants see the same customers.

What one source draws leaves all others as they were: a run with another discipline, or with twice as many servers, has
the same arrivals and the same work (common random numbers), and a difference between them is the variant's own.
"""

from __future__ import annotations

from collections.abc import Callable
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Fill = Callable[[int], Floats]  # the next so many numbers of a source

BLOCK = 65_536  # numbers drawn at once; both engines draw alike, so their numbers are the same


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the random numbers of the source called `name`: the same for the same seed and name."""
    return np.random.default_rng([seed, crc32(name.encode())])


class Draws:
    """The numbers of one source, one by one or a block at a time, in the same order."""

    def __init__(self, fill: Fill) -> None:
        self._fill = fill
        self._block: Floats = np.empty(0)
        self._at = 0

    def take(self) -> float:
        """Return the next number."""
        if self._at == len(self._block):
            self._block, self._at = self.block(), 0
        self._at += 1
        return float(self._block[self._at - 1])

    def block(self) -> Floats:
        """Return the next block of numbers."""
        return self._fill(BLOCK)
