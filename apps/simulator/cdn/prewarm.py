"""What do caches hold that have been used for a long time? A run starts with them full, so that it is not all warm-up.

An LRU cache of independent requests holds what was asked for last, and when an object was asked for last is
exponential: so its content is drawn, not simulated. Copies are as old as renewal theory says: an object is fresh for
its time to live, then expired until somebody asks. Behind the edges both are approximations; the first tenth of a run,
which is not counted, corrects them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from apps.simulator.caches.popularity import popularity
from apps.simulator.cdn.system import Cdn
from apps.simulator.cdn.theory import characteristic_time, shield_rates
from apps.simulator.streams import Floats, stream

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Content:
    """What one cache holds at the start: objects, the one asked for last first, and when each expires (seconds)."""

    items: Ints
    expires: Floats


def contents(cdn: Cdn, seed: int) -> list[Content]:
    """Return the content of each edge, and of the shield if there is one."""
    random = stream(seed, "content")
    rates = popularity(cdn.objects, cdn.alpha) * cdn.rate
    at_edge = rates / cdn.edges
    shared = _ages(rates, cdn.ttl_s, random) if cdn.shielded else None
    found = []
    for _ in range(cdn.edges):
        fetched = _ages(at_edge, cdn.ttl_s, random) if shared is None else shared
        asked = random.standard_exponential(cdn.objects) / at_edge
        if cdn.ttl_s < inf:
            asked += np.maximum(0.0, fetched - cdn.ttl_s)  # since it expired nobody has asked for it
        if shared is None:
            asked = np.minimum(asked, fetched)  # it was asked for when it was fetched
        found.append(_newest(asked, np.where(asked <= fetched, fetched, fetched + cdn.ttl_s), cdn.edge_capacity, cdn))
    if shared is not None:
        share = rates / cdn.rate
        edge_time = characteristic_time(share / cdn.edges, cdn.edge_capacity) / cdn.rate
        asked = random.standard_exponential(cdn.objects) / shield_rates(rates, cdn.edges, edge_time, cdn.ttl_s)
        found.append(_newest(np.minimum(asked, shared), shared, cdn.shield_capacity, cdn))
    return found


def _ages(rates: Floats, ttl_s: float, random: np.random.Generator) -> Floats:
    """Return how long ago each object was fetched: evenly within its time to live if fresh, else before that."""
    if ttl_s == inf:
        return np.full(len(rates), inf)
    fresh = random.random(len(rates)) < rates * ttl_s / (1 + rates * ttl_s)
    within, since = random.random(len(rates)) * ttl_s, random.standard_exponential(len(rates)) / rates
    return np.where(fresh, within, ttl_s + since)


def _newest(asked: Floats, fetched: Floats, capacity: int, cdn: Cdn) -> Content:
    """Return those objects that were asked for last, as many as there is room for."""
    order = asked.argsort(kind="stable")[:capacity]
    expires = np.full(len(order), inf) if cdn.ttl_s == inf else cdn.ttl_s - fetched[order]
    return Content(order, expires)
