"""Who owns a key if neighbours stay together? Ranges between split points that are learned from a sample of keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from apps.simulator.hashing.stable import Ints


@dataclass(frozen=True, slots=True)
class Ranges:
    """Range i holds the keys from `splits[i - 1]` up to, without, `splits[i]`, and belongs to `owners[i]`."""

    splits: tuple[int, ...]
    owners: tuple[int, ...]

    @classmethod
    def learned(cls, nodes: Sequence[int], sample: Ints) -> Ranges:
        """Return a range a node with an equal part of the sample in each. ValueError if it is too small."""
        if len(sample) < len(nodes):
            raise ValueError("The sample holds fewer keys than there are nodes.")
        ordered = np.sort(sample)
        cuts = [len(ordered) * i // len(nodes) for i in range(1, len(nodes))]
        return cls(tuple(ordered[cuts].tolist()), tuple(nodes))

    def place(self, keys: Ints) -> Ints:
        """Return the node of each key (the key itself, not its hash)."""
        return np.asarray(self.owners, dtype=np.int64)[np.searchsorted(self.splits, keys, side="right")]

    def split(self, place: int, node: int, sample: Ints) -> Ranges:
        """Return ranges in which a new node has the upper half of range `place`; halves as the sample says."""
        inside = np.sort(sample[np.searchsorted(self.splits, sample, side="right") == place])
        if len(inside) < 2:
            raise ValueError("The sample holds fewer than two keys of that range.")
        middle = int(inside[len(inside) // 2])
        splits = (*self.splits[:place], middle, *self.splits[place:])
        return Ranges(splits, (*self.owners[: place + 1], node, *self.owners[place + 1 :]))

    def merged(self, node: int) -> Ranges:
        """Return ranges without a node: its neighbour below takes its range, or above if it was the first."""
        if len(self.owners) < 2:
            raise ValueError("The last range has no neighbour.")
        place = self.owners.index(node)
        gone = max(0, place - 1)
        return Ranges(self.splits[:gone] + self.splits[gone + 1 :], self.owners[:place] + self.owners[place + 1 :])
