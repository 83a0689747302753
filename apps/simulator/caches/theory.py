"""What hit ratio does theory promise for a cache in its steady state?

Requests are independent and object i is asked for with probability p_i (the independent reference model). A
miss fills the object, which then stays useful for some time; with G_i the mean of that time, measured in
requests to the whole cache, renewal theory gives the share of time that the object is in the cache, and so its
hit ratio: p_i G_i / (1 + p_i G_i). A policy decides G_i through one unknown, and the unknown follows from the
size: the shares must add up to the capacity. Time to live and capacity are in requests and objects.

Sources: Che, Tung, Wang (2002) and Fricker, Robert, Roberts (2012) for LRU; Gelenbe (1973) for RANDOM and
FIFO; Choungmo Fofack et al. (2014) for caches with a time to live.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, sqrt

import numpy as np

from apps.simulator.streams import Floats

Occupancy = Callable[[float], Floats]  # unknown of the policy -> share of time that each object is in the cache
SAMPLED = 200  # popularities for which that is computed; between them it is smooth
GRID = 24  # steps per characteristic time when LRU and a time to live are combined


def ttl(share: Floats, time_to_live: float) -> Floats:
    """Return each object's hit ratio when an entry lives for a fixed time after its fill: λT/(1+λT)."""
    return share * time_to_live / (1 + share * time_to_live)


def lru(share: Floats, capacity: float, time_to_live: float = inf) -> tuple[Floats, float]:
    """Return each object's hit ratio in an LRU cache, and the characteristic time in requests (may be inf)."""
    sampled = np.geomspace(share.min(), share.max(), SAMPLED)

    def occupancy(characteristic: float) -> Floats:
        if time_to_live == inf:
            return np.asarray(-np.expm1(-share * characteristic))
        useful = _useful_in_lru(sampled, characteristic, time_to_live)
        return _of_useful(share * np.interp(share, sampled, useful))

    return _fit(occupancy, share, capacity, time_to_live)


def random(share: Floats, capacity: float, time_to_live: float = inf) -> tuple[Floats, float]:
    """Return each object's hit ratio under random eviction, and the mean stay in requests (may be inf)."""

    def occupancy(stay: float) -> Floats:
        cut = 1.0 if time_to_live == inf else -np.expm1(-time_to_live / stay)
        return _of_useful(share * stay * cut)

    return _fit(occupancy, share, capacity, time_to_live)


def fifo(share: Floats, capacity: float, time_to_live: float = inf) -> tuple[Floats, float]:
    """Return each object's hit ratio in a first-in-first-out cache, and the stay in requests (may be inf)."""
    return _fit(lambda stay: ttl(share, min(stay, time_to_live)), share, capacity, time_to_live)


def perfect_lfu(share: Floats, capacity: float) -> float:
    """Return the hit ratio of a cache that holds exactly the most popular objects: no policy does better."""
    return float(share[: int(capacity)].sum())


def overall(share: Floats, hit: Floats) -> float:
    """Return the hit ratio over all requests."""
    return float((share * hit).sum())


def _of_useful(requests_while_useful: Floats) -> Floats:
    return np.asarray(requests_while_useful / (1 + requests_while_useful))


def _fit(occupancy: Occupancy, share: Floats, capacity: float, time_to_live: float) -> tuple[Floats, float]:
    """Solve for the policy's unknown. A cache that never fills evicts nothing: the unknown is infinite."""
    if capacity >= len(share) and time_to_live == inf:
        return np.ones_like(share), inf
    if time_to_live != inf and ttl(share, time_to_live).sum() <= capacity:
        return ttl(share, time_to_live), inf
    low, high = 1e-3, 1e14
    while high / low > 1 + 1e-8:
        middle = sqrt(low * high)
        low, high = (low, middle) if occupancy(middle).sum() > capacity else (middle, high)
    return occupancy(high), high


def _useful_in_lru(share: Floats, characteristic: float, time_to_live: float) -> Floats:
    """Return G_i of LRU with a fixed time to live: the entry ends at the first gap above the characteristic time.

    With a = p_i T the entry survives the first T for sure, is lost at T with probability e^-a, and from then
    on at t with the density p_i e^-a g(t - T), g being the share still alive.
    """
    if time_to_live <= characteristic:
        return np.full_like(share, time_to_live)
    step = characteristic / GRID
    steps = min(int(np.ceil((time_to_live - characteristic) / step)), 40 * GRID)
    lost = np.exp(-share * characteristic)
    alive = np.ones((steps + 1 + GRID, len(share)))
    alive[GRID] = 1 - lost
    for now in range(GRID, steps + GRID):
        born = (alive[now - GRID] + alive[now + 1 - GRID]) / 2
        if now + 1 - GRID == GRID:
            born = (alive[now - GRID] + 1) / 2  # just before the jump at T
        alive[now + 1] = alive[now] - share * step * lost * born
    beyond = max(0.0, steps * step - (time_to_live - characteristic))
    late = np.trapezoid(alive[GRID:], axis=0) * step - alive[-1] * beyond
    return np.asarray(characteristic + late)
