"""Who owns a key without any table? A few steps of a seeded generator say at which counts of nodes the key moved.

Lamping and Veach, A Fast, Minimal Memory, Consistent Hash Algorithm (2014), figure 1. Nodes are numbers 0 to n - 1:
one can be added at the end or taken from there, but none from the middle.
"""

from __future__ import annotations

import numpy as np

from apps.simulator.hashing.stable import Hashes, Ints

STEP = np.uint64(2_862_933_555_777_941_757)  # of the paper's linear congruential generator
HALF = float(1 << 31)


def buckets(keys: Hashes, count: int) -> Ints:
    """Return the bucket, 0 to `count` - 1, of each hashed key; about ln(count) steps a key."""
    state, last = keys.astype(np.uint64), np.zeros(len(keys), dtype=np.int64)
    going = np.arange(len(keys))  # the keys that have not jumped past the end yet
    with np.errstate(over="ignore"):
        while len(going):
            state[going] = state[going] * STEP + np.uint64(1)
            following = ((last[going] + 1) * (HALF / ((state[going] >> np.uint64(33)) + np.uint64(1)))).astype(np.int64)
            inside = following < count
            going = going[inside]
            last[going] = following[inside]
    return last
