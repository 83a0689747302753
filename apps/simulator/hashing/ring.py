"""Who owns a key on a ring? Each node stands at many points (virtual nodes); a key belongs to the next point.

Karger and others, Consistent Hashing and Random Trees (1997). A node that joins takes keys from all others, and no
other key moves; one that leaves hands its keys to all others. More points, more even shares.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from apps.simulator.hashing.stable import SPAN, Hashes, Ints, scattered

APART = 1 << 40  # points that a node may have before they meet those of the next
FINE, MOST_BITS = 4, 16  # the index has 2^4 entries a point, but no more than 2^16


def points_of(nodes: Sequence[int], vnodes: int, salt: int = 0) -> Hashes:
    """Return where nodes stand, a row each: the same places whatever other nodes there are. Another salt, another
    ring."""
    names = np.asarray(nodes, dtype=np.uint64)[:, None]
    with np.errstate(over="ignore"):
        first = scattered(np.arange(vnodes, dtype=np.uint64) + np.uint64(APART) * (names + np.uint64(1)))
        return scattered(first + names + scattered(salt)[0])


@dataclass(frozen=True, slots=True, eq=False)
class Ring:
    """Points in rising order and the node at each. After the last point comes the first again.

    Many keys are placed by arrays, one key by lists, which answer ten times as fast. `index` says for the highest bits
    of a hash which is the first point that may own it, so that hardly any key has to be searched for.
    """

    points: Hashes
    owners: Ints
    index: Ints
    shift: int
    single_points: list[int]
    single_owners: list[int]

    @classmethod
    def of(cls, nodes: Sequence[int], vnodes: int = 100, salt: int = 0) -> Ring:
        """Return a ring of nodes (numbers from 0), each at `vnodes` points. Raises ValueError if there is no point."""
        if not nodes or vnodes < 1:
            raise ValueError("A ring needs a node and a point for each.")
        points = points_of(nodes, vnodes, salt).ravel()
        owners = np.repeat(np.asarray(nodes, dtype=np.int64), vnodes)
        order = np.argsort(points, kind="stable")
        points, owners = points[order], owners[order]
        bits = min(MOST_BITS, FINE + len(points).bit_length())
        index = np.searchsorted(points, np.arange(1 << bits, dtype=np.uint64) << np.uint64(64 - bits))
        round_owners = np.append(owners, owners[0])
        return cls(points, owners, index, 64 - bits, points.tolist(), round_owners.tolist())

    def place(self, keys: Hashes) -> Ints:
        """Return the node of each hashed key."""
        return np.asarray(self.owners[self.spot(keys)])

    def spot(self, keys: Hashes) -> Ints:
        """Return the place among the points of the one that owns each hashed key."""
        found = self.index[(keys >> np.uint64(self.shift)).astype(np.int64)]
        ends = np.append(self.points, np.uint64(2**64 - 1))
        late = np.flatnonzero(ends[found] < keys)
        while len(late):
            found[late] += 1
            late = late[ends[found[late]] < keys[late]]
        found[found == len(self.points)] = 0
        return found

    def node_at(self, key: int) -> int:
        """Return the node of one hashed key."""
        return self.single_owners[bisect_left(self.single_points, key)]

    def node_of(self, name: str) -> int:
        """Return the node of one key by its name: `node_at(hash_of(name))`, written out, for it is asked most."""
        hashed = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")
        return self.single_owners[bisect_left(self.single_points, hashed)]

    def shares(self) -> dict[int, float]:
        """Return the exact share of the hash space that each node owns."""
        points = self.points.astype(np.float64)
        gaps: NDArray[np.float64] = np.diff(points, prepend=points[-1] - SPAN) / SPAN
        nodes, place = np.unique(self.owners, return_inverse=True)
        return dict(zip(nodes.tolist(), np.bincount(place, gaps).tolist(), strict=True))
