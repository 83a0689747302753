"""Which random numbers does a network need? One source for each arrival, each station's work and each crossing."""

from __future__ import annotations

from functools import partial

import numpy as np

from apps.simulator.network import Network
from apps.simulator.streams import Draws, Floats, stream


class Sources:
    """The seeded sources of one run of a network; stations and arrivals by their place in it."""

    def __init__(self, network: Network, seed: int) -> None:
        names = list(network.stations)
        self.places = [names.index(name) for name in network.arrivals]
        self.arrival = [
            Draws(pattern.times(stream(seed, f"arrivals at {name}"))) for name, pattern in network.arrivals.items()
        ]
        self.rank = [Draws(stream(seed, f"ranks at {name}").random) for name in network.arrivals]
        self.work = [
            Draws(partial(station.service.draw, stream(seed, f"work at {name}")))
            for name, station in network.stations.items()
        ]
        self.crossing = [Draws(stream(seed, f"ways from {name}").random) for name in names]
        self.chances = cumulated_chances(network)
        self.urgent = network.urgent if any(s.discipline == "priority" for s in network.stations.values()) else 0.0

    def is_urgent(self, source: int) -> bool:
        """Return whether the next customer of an arrival goes first; drawn only where that matters."""
        return self.urgent > 0 and self.rank[source].take() < self.urgent

    def next_place(self, place: int) -> int:
        """Return where a customer goes from a station: a place, or -1 for out; drawn only where there is a choice."""
        chances = self.chances[place]
        if chances[-1] == 0.0:
            return -1
        drawn = self.crossing[place].take()
        following = int(np.searchsorted(chances, drawn, side="right"))
        return following if following < len(chances) else -1


def cumulated_chances(network: Network) -> Floats:
    """Return, for each station, the cumulated chances to go on to each station in order; the rest leaves."""
    names = list(network.stations)
    chances = np.zeros((len(names), len(names)))
    for row, station in enumerate(network.stations.values()):
        for name, chance in station.routes.items():
            chances[row, names.index(name)] = chance
    return np.cumsum(chances, axis=1)
