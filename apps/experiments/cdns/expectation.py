"""What does theory say about this very network of caches? Nothing where it has no answer.

The tolerance is the run's own interval and what the approximation is known to be off by. Theory of eviction has
fetches that take no time; what comes meanwhile is added.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf

import numpy as np

from apps.experiments.base import Expected
from apps.experiments.cdns.settings import Settings
from apps.simulator.caches.popularity import popularity
from apps.simulator.cdn import theory
from apps.simulator.statistics import Estimate
from apps.simulator.streams import Floats

CHE = "Che's approximation of LRU, an edge"
TREE = "Che's approximation for a tree of caches"
TOTAL = "1 − (1 − edge) · (1 − shield). Che's approximation"
LIVES = "Renewal theory: one fetch in each time to live, 1/(1+λT); T from fetch to expiry"
STALE = "Renewal theory: who comes later than the stale time after the expiry waits, e^(−λS)/(1+λT)"
ALONE = "Renewal theory: all who come before a fetch is back fetch as well, (1+λL)/(1+λ(T+L))"
PATIENT = 10  # theory of stale copies has a stale time much longer than a fetch
EDGE_OFF, SHIELD_OFF, TOTAL_OFF = 0.002, 0.008, 0.006  # of Che's approximations, by the table of the reference

Theory = tuple[float, float, str]  # value, tolerance beside the run's interval, source


def expected(settings: Settings, found: Mapping[str, Estimate]) -> dict[str, Expected]:
    """Return theory by figure; none after a purge."""
    if settings.event != "none":
        return {}
    theories = dict(_expiring(settings) if settings.expires else _evicting(settings))
    if "origin_share" in theories:
        share, off, source = theories["origin_share"]
        theories["origin_load"] = share * settings.rps, off * settings.rps, source
    if not settings.expires:
        theories |= _latencies(settings, theories)
    return {
        name: Expected(value, found[name].half_width + off, source)
        for name, (value, off, source) in theories.items()
        if name in found and found[name].half_width < inf
    }


def _evicting(settings: Settings) -> Iterator[tuple[str, Theory]]:
    """Yield theory of caches that evict and whose copies never expire."""
    share = popularity(settings.objects, settings.alpha)
    room = settings.shield_capacity if settings.shielded else 0
    edge, shield, origin = theory.tiers(share, settings.edges, settings.edge_capacity, room)
    missed = 1 - theory.edge_hits(share, settings.edges, settings.edge_capacity)
    late = _late(settings, share * settings.rps, missed)
    yield "edge_hit_ratio", (edge, EDGE_OFF + late, CHE)
    if settings.shielded:
        yield "shield_hit_ratio", (shield, SHIELD_OFF + 2 * late, TREE)
    yield "origin_share", (origin, (TOTAL_OFF if settings.shielded else EDGE_OFF) + late, TOTAL)
    yield "stale_served", (0.0, 0.0, "Nothing expires")


def _expiring(settings: Settings) -> Iterator[tuple[str, Theory]]:
    """Yield theory of caches that expire and never evict."""
    if not settings.everything_fits:
        return
    rates = popularity(settings.objects, settings.alpha) * settings.rps
    ttl, edges, fetch_s = settings.ttl_s, settings.edges, settings.origin_ms / 1e3
    if settings.shielded and settings.coalesce == "no":
        return
    if settings.shielded:
        cycle = ttl + fetch_s + settings.shield_ms / 2e3  # the request that ends it is on its way for half a round trip
        yield "origin_share", (theory.expiring(rates, cycle), 0.0, LIVES)
        if settings.swr_s == 0:
            late = _late(settings, rates, 1 / (1 + rates / edges * ttl))
            yield "edge_hit_ratio", (1 - theory.expiring_edges(rates, edges, ttl), late, LIVES)
        return
    waits = theory.waiting(rates / edges, ttl, settings.swr_s, fetch_s)
    if settings.coalesce == "yes":
        yield "origin_share", (theory.expiring(rates / edges, ttl + fetch_s), 0.0, LIVES)
    elif settings.swr_s == 0:
        yield "origin_share", (waits, 0.0, ALONE)
    if settings.swr_s == 0 or settings.swr_s >= PATIENT * fetch_s:
        yield "edge_hit_ratio", (1 - waits, 0.0, STALE if settings.swr_s else LIVES)


def _late(settings: Settings, rates: Floats, missed: Floats) -> float:
    """Return about which share of requests comes while a first fetch is under way, and waits where theory has a hit:
    for each miss of an object at an edge, the requests for it there within the longest fetch."""
    fetch_s = (settings.origin_ms + (settings.shield_ms if settings.shielded else 0.0)) / 1e3
    joins = np.minimum(1.0, missed * rates / settings.edges * fetch_s)
    return float((rates * joins).sum() / rates.sum())


def _latencies(settings: Settings, theories: Mapping[str, Theory]) -> dict[str, Theory]:
    """Return the percentiles where hit ratios leave no doubt which path they are of."""
    edge, origin = theories["edge_hit_ratio"], theories["origin_share"]
    shield_ms = settings.shield_ms if settings.shielded else 0.0
    steps = ((edge[0], settings.edge_ms), (1 - origin[0], settings.edge_ms + shield_ms))
    last, doubt = settings.edge_ms + shield_ms + settings.origin_ms, 2 * (edge[1] + origin[1])
    found = {}
    for name, share in (("p50_ms", 0.5), ("p99_ms", 0.99)):
        if all(abs(known - share) > doubt for known, _ in steps):
            value = next((time for known, time in steps if share < known), last)
            found[name] = (value, 1e-6, "The way of the request at that place of the ranking: fixed latencies")
    return found
