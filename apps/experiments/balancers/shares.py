"""Which share of the requests does each server get, if the balancer does not look at them? Exact, by algorithm."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from apps.experiments.balancers.settings import BY_CLIENT, Settings
from apps.experiments.zipf import popularity
from apps.simulator.calls.hashing import mixed, ring

BLIND = ("random", "round-robin", *BY_CLIENT)
Floats = NDArray[np.float64]


def shares(settings: Settings) -> Floats | None:
    """Return the share of each server before any event; None if the balancer looks at the servers' load or speed."""
    if settings.algorithm not in BLIND:
        return None
    if settings.algorithm not in BY_CLIENT:
        return np.full(settings.servers, 1 / settings.servers)
    hashes = mixed(np.arange(settings.clients, dtype=np.int64))
    if settings.algorithm == "ip-hash":
        owners = hashes % settings.servers
    else:
        points, nodes = ring(settings.servers)
        owners = nodes[np.searchsorted(points, hashes) % len(nodes)]
    weights = popularity(settings.clients, settings.client_skew)
    return np.asarray(np.bincount(owners, weights, minlength=settings.servers), dtype=np.float64)


def growth(settings: Settings) -> list[float]:
    """Return by how many requests per second the line of each server grows at the beginning; 0 where it does not."""
    dealt = shares(settings)
    if dealt is None:  # a balancer that looks keeps all alike: it fails when there is too much for all together
        speeds = np.asarray(settings.speeds)
        dealt = speeds / speeds.sum()
    surplus = settings.rate * dealt - np.asarray(settings.speeds) / settings.service_s
    return [max(0.0, each) if each > -1e-9 else 0.0 for each in surplus.tolist()]


def stable(settings: Settings) -> bool:
    """Return whether every server can do what it gets."""
    dealt = shares(settings)
    if dealt is None:
        return settings.utilisation < 1
    return bool((settings.rate * dealt * settings.service_s < np.asarray(settings.speeds)).all())
