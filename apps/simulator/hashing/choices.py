"""How even does it get if each key has several homes to choose from, and takes the emptiest? Two are nearly enough.

Azar, Broder, Karlin and Upfal, Balanced Allocations (1999): the fullest of n has ln n / ln ln n with one choice, and
ln ln n / ln d with d. Who looks a key up later has to ask all of its homes, or keep a directory.
"""

from __future__ import annotations

import numpy as np

from apps.simulator.hashing.stable import Hashes, Ints, scattered


def place(nodes: int, keys: Hashes, choices: int = 2, salt: int = 0) -> Ints:
    """Return the node, 0 to `nodes` - 1, of each hashed key, in the order in which they come.

    The homes of a key are hashes of it; of equally full ones the first is taken.
    """
    salts = scattered(salt + np.arange(choices, dtype=np.uint64))
    homes = [(scattered(keys ^ each) % np.uint64(nodes)).astype(np.int64) for each in salts]
    if choices == 1:
        return homes[0]
    load, placed = [0] * nodes, []
    for own in zip(*(home.tolist() for home in homes), strict=True):
        node = min(own, key=load.__getitem__)
        load[node] += 1
        placed.append(node)
    return np.array(placed, dtype=np.int64)
