"""What if no node may have much more than its share? Keys that find their node full go on to the next on the ring.

Mirrokni, Thorup and Zadimoghaddam, Consistent Hashing with Bounded Loads (2018); HAProxy's hash-balance-factor.
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from apps.simulator.hashing.ring import Ring
from apps.simulator.hashing.stable import Hashes, Ints

Floats = NDArray[np.float64]


def capacity(excess: float, keys: int, nodes: int) -> int:
    """Return how many of equal keys a node may have: (1 + excess) times a fair share, rounded up."""
    return ceil(round((1 + excess) * keys / nodes, 6))  # 1.1 times 100,000 is a hair above 110,000


def place(ring: Ring, keys: Hashes, most: float, weights: Floats | None = None) -> Ints:
    """Return the node of each hashed key, in the order in which they come.

    A node takes a key if its load stays within `most`. Each key weighs 1, or what `weights` says. One that fits
    nowhere stays where the ring puts it: no placement of whole keys helps there.
    """
    owners, count = ring.owners.tolist(), len(ring.owners)
    load = dict.fromkeys(owners, 0.0)
    heavy = [1.0] * len(keys) if weights is None else weights.tolist()
    placed = []
    for spot, weight in zip(ring.spot(keys).tolist(), heavy, strict=True):
        node = owners[spot]
        if load[node] + weight > most:
            following = (owners[(spot + hop) % count] for hop in range(1, count))
            node = next((other for other in following if load[other] + weight <= most), node)
        load[node] += weight
        placed.append(node)
    return np.array(placed, dtype=np.int64)
