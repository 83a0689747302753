"""What hit ratios does theory promise for caches behind caches? Che's approximation, and renewal theory for expiry.

Times are in requests where shares add up to 1, in seconds where rates are per second: only their product counts.
Sources: Che, Tung, Wang (2002), for the tree as well; Fricker, Robert, Roberts (2012); Jung, Berger, Balakrishnan
(2003) for a time to live.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, sqrt

import numpy as np

from apps.simulator.streams import Floats


def characteristic_time(rates: Floats, capacity: int) -> float:
    """Return how long an object that nobody asks for stays in an LRU cache; inf if all objects fit."""
    if capacity >= len(rates):
        return inf
    return _fitting(lambda time: float(-np.expm1(-rates * time).sum()), capacity)


def edge_hits(share: Floats, edges: int, capacity: int) -> Floats:
    """Return each object's hit ratio at one of the edges that share the requests evenly (Che)."""
    return np.asarray(-np.expm1(-share / edges * characteristic_time(share / edges, capacity)))


def shield_hits(share: Floats, edges: int, edge_capacity: int, shield_capacity: int) -> Floats:
    """Return each object's hit ratio at the shield, of what edges ask it for (Che, for a tree).

    What an edge misses is in it for at least its own characteristic time t1, so that edge asks for it again only
    later: a hit is due to the other edges, or to this one if the shield keeps things longer than t1.
    """
    if shield_capacity >= len(share):
        return np.ones_like(share)
    own = characteristic_time(share / edges, edge_capacity)
    misses = share / edges * (1 - edge_hits(share, edges, edge_capacity))
    time = _fitting(lambda t: float(-np.expm1(-edges * misses * t).sum()), shield_capacity)
    return np.asarray(1 - np.exp(-(edges - 1) * misses * time) * np.exp(-misses * max(time - own, 0.0)))


def tiers(share: Floats, edges: int, edge_capacity: int, shield_capacity: int) -> tuple[float, float, float]:
    """Return the hit ratio of the edges, that of the shield (0 without one), and the share left to the origin."""
    missed = share * (1 - edge_hits(share, edges, edge_capacity))
    if missed.sum() <= 0:
        return 1.0, 0.0, 0.0
    shield = 0.0
    if shield_capacity:
        shield = float((missed * shield_hits(share, edges, edge_capacity, shield_capacity)).sum() / missed.sum())
    edge = 1 - float(missed.sum())
    return edge, shield, (1 - edge) * (1 - shield)


def expiring(rates: Floats, ttl_s: float) -> float:
    """Return the share of requests that find nothing fresh where everything fits: 1/(1+λT), once for each fetch."""
    return float((rates / (1 + rates * ttl_s)).sum() / rates.sum())


def expiring_edges(rates: Floats, edges: int, ttl_s: float) -> float:
    """Return the share of requests that an edge has to ask the shield for where everything fits and copies expire with
    the shield's: in one fetch's life each edge asks once, if anybody asks it."""
    asks = 1 + (edges - 1) * -np.expm1(-rates * ttl_s / edges)
    return float((rates * asks / (1 + rates * ttl_s)).sum() / rates.sum())


def waiting(rates: Floats, ttl_s: float, stale_s: float = 0.0, fetch_s: float = 0.0) -> float:
    """Return the share of requests that have to wait where everything fits and is served stale for a while after its
    time to live: one for each fetch and those that come before it is back, of fetches begun too late to serve stale,
    which is a share e^(-λS) of all. The stale time is meant to be longer than a fetch, or none."""
    waits = np.exp(-rates * stale_s) * (1 + rates * fetch_s) / (1 + rates * (ttl_s + fetch_s))
    return float((rates * waits).sum() / rates.sum())


def shield_rates(rates: Floats, edges: int, edge_time: float, ttl_s: float) -> Floats:
    """Return about how often per second edges ask the shield for each object, evicted or expired, whichever is more."""
    evicted = np.exp(-rates / edges * edge_time)
    if ttl_s == inf:
        return np.asarray(np.maximum(rates * evicted, 1e-12))
    expired = (1 + (edges - 1) * -np.expm1(-rates * ttl_s / edges)) / (1 + rates * ttl_s)
    return np.asarray(rates * np.maximum(evicted, expired))


def _fitting(filled: Callable[[float], float], capacity: int) -> float:
    """Return the time for which so many objects are in the cache."""
    low, high = 1e-9, 1e18
    while high / low > 1 + 1e-10:
        middle = sqrt(low * high)
        low, high = (low, middle) if filled(middle) > capacity else (middle, high)
    return high
