"""Who owns a key if every node bids for it? The highest bid wins; a node that leaves only frees what it had won.

Thaler and Ravishankar, Using Name-Based Mappings to Increase Hit Rates (1998): highest random weight. No table, but
one hash a node for each look-up.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from apps.simulator.hashing.stable import Hashes, Ints, scattered


def place(nodes: Sequence[int], keys: Hashes) -> Ints:
    """Return the node of each hashed key: the one with the highest hash of node and key. ValueError without nodes."""
    if not nodes:
        raise ValueError("Nobody bids without nodes.")
    highest, owner = bids(nodes[0], keys), np.full(len(keys), nodes[0], dtype=np.int64)
    for node in nodes[1:]:
        bid = bids(node, keys)
        wins = bid > highest
        highest, owner[wins] = np.where(wins, bid, highest), node
    return owner


def bids(node: int, keys: Hashes) -> Hashes:
    """Return what a node bids for each hashed key: the same whatever other nodes there are."""
    return scattered(keys ^ scattered(node + 1))
