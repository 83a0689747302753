"""Which random numbers does a system need? One source for each thing that is left to chance, named by what it feeds."""

from __future__ import annotations

from functools import partial

import numpy as np

from apps.simulator.calls.layout import Layout
from apps.simulator.streams import Draws, Fill, Floats, stream

BY_KEY = ("ip-hash", "consistent-hash")


class Sources:
    """The seeded sources of one run: of arrivals and keys, of each service, of each link."""

    def __init__(self, layout: Layout, seed: int) -> None:
        system = layout.system
        self.arrival = Draws(system.arrivals.times(stream(seed, "arrivals")))
        self.key = Draws(_zipf(system.keys, system.alpha, stream(seed, "keys")))
        self.needs_keys = any(service.balancer in BY_KEY for service in layout.services)
        self.work = [
            Draws(partial(service.work.draw, stream(seed, f"work at {name}")))
            for name, service in system.services.items()
        ]
        self.routing = [Draws(stream(seed, f"routing to {name}").random) for name in layout.names]
        self.failure = [Draws(stream(seed, f"failures at {name}").random) for name in layout.names]
        self.jitter = [Draws(stream(seed, f"jitter from {link.name}").random) for link in layout.links]
        self.chance = [Draws(stream(seed, f"chance from {link.name}").random) for link in layout.links]


def _zipf(keys: int, alpha: float, random: np.random.Generator) -> Fill:
    """Return a source of keys, numbered from the most popular one on: the chance of key k is that of 1/(k+1)^alpha."""
    chances = np.cumsum(np.arange(1, keys + 1, dtype=np.float64) ** -alpha)

    def fill(count: int) -> Floats:
        drawn = np.searchsorted(chances, random.random(count) * chances[-1], side="right")
        return np.asarray(np.minimum(drawn, keys - 1), dtype=np.float64)

    return fill
