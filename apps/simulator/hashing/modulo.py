"""Who owns a key if the hash is divided by the number of nodes? Whoever the remainder says, and all change with it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from apps.simulator.hashing.stable import Hashes, Ints


def place(nodes: Sequence[int], keys: Hashes) -> Ints:
    """Return the node of each hashed key: the one whose place in the list is hash mod n."""
    return np.asarray(nodes, dtype=np.int64)[(keys % np.uint64(len(nodes))).astype(np.int64)]
