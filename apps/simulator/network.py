"""What is a network of queues? Stations with servers, arrivals from outside, and chances where a customer goes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from apps.simulator.arrivals import Arrivals
from apps.simulator.services import Service

Discipline = Literal["fifo", "lifo", "ps", "priority"]


class NetworkError(ValueError):
    """A network that cannot be: the message says what to change."""


@dataclass(frozen=True, slots=True)
class Station:
    """A queue before `servers` equal servers.

    `room` is the most customers at the station, those being served included; who finds it full is refused. `routes`
    gives the chance to go on to each station by name; the rest leaves.
    """

    service: Service
    servers: int = 1
    discipline: Discipline = "fifo"
    room: int | None = None
    routes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Network:
    """Stations by name, and the arrivals at those where customers come from outside.

    `urgent` is the share of customers that goes first where the discipline is "priority".
    """

    stations: Mapping[str, Station]
    arrivals: Mapping[str, Arrivals]
    urgent: float = 0.2

    def __post_init__(self) -> None:
        for name in self.arrivals:
            self._known(name, "arrivals")
        for name, station in self.stations.items():
            for other in station.routes:
                self._known(other, f"the routes of {name}")
            if sum(station.routes.values()) > 1 + 1e-9:
                raise NetworkError(f"The chances to go on from {name} add up to more than 1.")
            if station.servers < 1 or (station.room is not None and station.room < station.servers):
                raise NetworkError(f"{name} needs at least one server, and room for all that are served.")

    def _known(self, name: str, where: str) -> None:
        if name not in self.stations:
            raise NetworkError(f"There is no station {name!r}, which stands in {where}.")

    def is_single(self) -> bool:
        """Return whether this is one first-come-first-served queue without limits that is not overloaded.

        Its computation is shorter and counts customers as they come; a queue that only grows is counted as they go.
        """
        if len(self.stations) != 1 or len(self.arrivals) != 1:
            return False
        (station,), (arrivals,) = self.stations.values(), self.arrivals.values()
        endless = station.discipline == "fifo" and station.room is None and not station.routes
        return endless and arrivals.rate * station.service.mean < station.servers
