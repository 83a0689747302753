"""How does it depend on the virtual nodes, and on the number of shards? The same run at other sizes, beside theory."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from apps.experiments.base import Point
from apps.experiments.bench import Bench
from apps.experiments.shards.cluster import keys_of, place, sampled
from apps.experiments.shards.settings import Settings
from apps.simulator.hashing.ring import Ring
from apps.simulator.hashing.spread import moved, ring_variation, variation

VNODES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
SIZES = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
FEWER = 5_000  # keys for a point of a curve: a share is right within 0.014

Lines = dict[str, list[Point]]


def spread_by_vnodes(settings: Settings, salt: int) -> Lines:
    """Return how much the shards of this run's ring differ (standard deviation over mean), over the virtual nodes."""
    shards = settings.after
    seen = [variation(np.array(list(Ring.of(shards, vnodes, salt).shares().values()))) for vnodes in VNODES]
    return {
        "deviation": [(float(v), round(each, 5)) for v, each in zip(VNODES, seen, strict=True)],
        "deviation_theory": [(float(v), round(ring_variation(len(shards), v), 5)) for v in VNODES],
    }


def moved_by_shards(settings: Settings, bench: Bench) -> Lines:
    """Return which share of the keys moves when one shard is added to n: by this scheme, by modulo, and at least."""
    seen = []
    for shards in SIZES:
        at = replace(settings, shards=shards, keys=FEWER, event="shard-added")
        placed = place(at, keys_of(at, bench), sampled(at, bench))
        seen.append((float(shards), round(moved(placed.before, placed.after), 5)))
    return {
        "moved": seen,
        "moved_modulo": [(float(n), round(n / (n + 1), 5)) for n in SIZES],
        "moved_least": [(float(n), round(1 / (n + 1), 5)) for n in SIZES],
    }
