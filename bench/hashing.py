"""How fast is a key placed on a ring? Look-ups per second, one by one and many at once, beside uhashring."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
from uhashring import HashRing

from apps.simulator.hashing.ring import Ring
from apps.simulator.hashing.stable import scattered
from bench.report import Row, against

ROUNDS, NODES, VNODES = 7, 10, 100
NAMES = [f"key{i}" for i in range(50_000)]
IDS = np.arange(1_000_000)


def run() -> list[Row]:
    """Return look-ups/s on a ring of ten nodes with 100 points each, hashing of the key included."""
    ours = Ring.of(range(NODES), VNODES)
    theirs = HashRing(nodes=[f"node{i}" for i in range(NODES)], vnodes=VNODES)
    rounds = [
        (
            len(NAMES) / _seconds(lambda: [ours.node_of(name) for name in NAMES]),
            len(IDS) / _seconds(lambda: ours.place(scattered(IDS))),
            len(NAMES) / _seconds(lambda: [theirs.get_node(name) for name in NAMES]),
        )
        for _ in range(ROUNDS)
    ]
    single, batch, reference = (median(side) for side in zip(*rounds, strict=True))
    return [
        against("hashing: one key on a ring (ref: uhashring)", single, "/s", reference),
        against("hashing: a million keys at once (ref: uhashring)", batch, "/s", reference),
    ]


def _seconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
