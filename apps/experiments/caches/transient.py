"""What hit ratio does theory promise while a cache that starts empty is still filling or settling?

The same mean-field model as in `theory`, followed through time. Each function returns how likely a read at each
of the given times (in requests since the cache was empty) is a hit. Measured runs are short: the steady state
alone would be the wrong theory for most of them.
"""

from __future__ import annotations

from math import inf

import numpy as np

from apps.experiments.zipf import Floats

CLASSES = 400  # objects of nearly equal popularity are taken together
MOST_STEPS = 12_000


def keeping_recent(share: Floats, times: Floats, characteristic: float) -> Floats:
    """Return the hit ratio at each time when an object is there if it was asked for within the last
    `characteristic` requests: LRU, and also a cache that fills once and then refuses new entries."""
    age = np.minimum(times, characteristic)
    return np.array([float(-(share * np.expm1(-share * span)).sum()) for span in age])


def evicting_at_random(share: Floats, times: Floats, capacity: float, reads: float = 1.0) -> Floats:
    """Return the hit ratio at each time when a full cache makes room by evicting any object.

    Of the requests only the share `reads` fills the object; the others, writes, delete it. With x the chance to be
    there, dx_i/dt = r_i (1 − x_i) − w_i x_i − m x_i, where m is what comes above what goes by itself, over the
    capacity, once the cache is full, and 0 before.
    """
    value, count = grouped(share)
    horizon = float(times[-1])
    turn = min(capacity, horizon)
    step = max(turn / 400, horizon / MOST_STEPS)
    inside = np.zeros_like(value)
    hits = [0.0]
    while (len(hits) - 1) * step < horizon:
        comes, goes = value * reads, value * (1 - reads)
        surplus = float((comes * (1 - inside) - goes * inside) @ count)
        crowded = inside @ count >= capacity
        goes = goes + (max(0.0, surplus) / capacity if crowded else 0.0)
        settles = comes / (comes + goes)
        inside = settles + (inside - settles) * np.exp(-step * (comes + goes))
        hits.append(float((value * inside) @ count))
    return np.interp(times, np.arange(len(hits)) * step, hits)


def evicting_oldest(share: Floats, times: Floats, capacity: float, time_to_live: float) -> Floats:
    """Return the hit ratio at each time when an entry leaves after its time to live, or earlier as the oldest
    of a full cache (first in, first out).

    An object is there if it was filled since `tail`, the moment of the oldest entry still held. Both ends of
    that span only move forward, so one pass over the cumulated fills is enough. What comes so late that all has
    settled is not followed any more.
    """
    value, count = grouped(share)
    horizon = float(times[-1])
    turn = min(time_to_live, horizon, capacity)
    step = turn / (300 if horizon <= turn * MOST_STEPS / 300 else 60)
    steps = min(int(np.ceil(horizon / step)), MOST_STEPS)
    come = -np.expm1(-value * step)
    filled = np.zeros((steps + 1, len(value)))
    total = np.zeros(steps + 1)
    hits = np.zeros(steps + 1)
    lives = inf if time_to_live == inf else round(time_to_live / step)
    tail = 0
    for now in range(steps):
        tail = max(tail, int(now - lives) if lives < now else 0)
        while total[now] - total[tail] > capacity:
            tail += 1
        inside = filled[now] - filled[tail]
        hits[now] = (value * count * inside).sum()
        filled[now + 1] = filled[now] + come * (1 - inside)
        total[now + 1] = (filled[now + 1] * count).sum()
    hits[steps] = hits[steps - 1]
    return np.interp(times, np.arange(steps + 1) * step, hits)


def grouped(share: Floats, classes: int = CLASSES) -> tuple[Floats, Floats]:
    """Return the mean share and the size of at most `classes` groups of neighbouring ranks, the top ones alone."""
    edges = np.unique(np.geomspace(1, len(share) + 1, classes).astype(int)) - 1
    count = np.diff(edges).astype(np.float64)
    return np.add.reduceat(share, edges[:-1]) / count, count
