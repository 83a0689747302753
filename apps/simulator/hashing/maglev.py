"""Who owns a key by one look into a table? Nodes take turns at filling it, each in an order of its own.

Eisenbud and others, Maglev: A Fast and Reliable Software Network Load Balancer (2016), section 3.4. Shares are nearly
equal; when a node leaves, a few entries of others change as well.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from apps.simulator.hashing.stable import Hashes, Ints, scattered

SIZE = 65_537  # a prime, as in the paper: every step then visits every entry


def table(nodes: Sequence[int], size: int = SIZE) -> Ints:
    """Return the node of each entry. `size` is a prime and well above the number of nodes."""
    names = np.asarray(nodes, dtype=np.uint64)
    at = (scattered(names + np.uint64(17)) % np.uint64(size)).tolist()  # where each begins, and how far it steps
    steps = (scattered(names + np.uint64(91)) % np.uint64(size - 1) + np.uint64(1)).tolist()
    entries, free = [-1] * size, size
    while free:
        for turn, node in enumerate(nodes[:free]):  # in the last round the table is full before all had their turn
            while entries[at[turn]] >= 0:
                at[turn] = (at[turn] + steps[turn]) % size
            entries[at[turn]] = node
        free -= min(free, len(nodes))
    return np.array(entries, dtype=np.int64)


def place(entries: Ints, keys: Hashes) -> Ints:
    """Return the node of each hashed key."""
    return np.asarray(entries[(keys % np.uint64(len(entries))).astype(np.int64)])
