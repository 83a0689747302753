"""How does a key become a number that looks random and never changes? A hash that is the same in every process.

Python's own hash() of a text differs from process to process, and that of a number is the number.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import ArrayLike, NDArray

Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]

SPAN = 2.0**64  # hashes lie from 0 to this, which is left out
GOLDEN, FIRST, SECOND = (np.uint64(x) for x in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def scattered(ids: ArrayLike) -> Hashes:
    """Return 64-bit hashes of whole numbers, one each: splitmix64 (Steele, Lea and Flood 2014). No two collide."""
    with np.errstate(over="ignore"):  # sums and products go round at 2^64
        x = np.atleast_1d(np.asarray(ids)).astype(np.uint64) + GOLDEN
        x = (x ^ (x >> np.uint64(30))) * FIRST
        x = (x ^ (x >> np.uint64(27))) * SECOND
        return np.asarray(x ^ (x >> np.uint64(31)))


def hash_of(name: str) -> int:
    """Return the 64-bit hash of a text (BLAKE2b)."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")
