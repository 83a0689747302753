"""Which calls are there? A system with everything numbered, as both engines read it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from apps.simulator.calls.policies import Retry
from apps.simulator.calls.system import Call, Service, System
from apps.simulator.streams import Floats

CLIENTS = -1  # the caller of the entry service


@dataclass(frozen=True, slots=True)
class Link:
    """One way of calling: from a caller to a service, both by number. `name` tells it from every other link."""

    number: int
    caller: int
    to: int
    call: Call
    name: str


class Layout:
    """Services and links by number. Link 0 is that of the clients; `stages` holds the links of each service."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.names = list(system.services)
        self.services: list[Service] = list(system.services.values())
        self.links: list[Link] = []
        self.entry = self._link(CLIENTS, "clients", system.entry)
        self.stages = [
            [[self._link(caller, name, call) for call in stage] for stage in service.calls]
            for caller, (name, service) in enumerate(system.services.items())
        ]
        self.first_replica = np.cumsum([0, *(service.replicas for service in self.services)]).tolist()

    def _link(self, caller: int, name: str, call: Call) -> Link:
        plain = f"{name} to {call.to}"
        same = sum(link.name.split(" #")[0] == plain for link in self.links)
        link = Link(len(self.links), caller, self.names.index(call.to), call, f"{plain} #{same + 1}" if same else plain)
        self.links.append(link)
        return link

    def there_at_first(self) -> list[list[bool]]:
        """Return, for each service, which replicas are there at the beginning: those that no change adds."""
        added = {(change.service, change.replica) for change in self.system.changes if change.added}
        return [
            [(name, replica) not in added for replica in range(service.replicas)]
            for name, service in self.system.services.items()
        ]

    def servers_at_first(self) -> list[int]:
        """Return how many servers each service has at the beginning."""
        there = self.there_at_first()
        return [service.servers * sum(there[place]) for place, service in enumerate(self.services)]


def pauses(retry: Retry) -> Floats:
    """Return the pauses in seconds before retry 1, 2, …, without jitter: base·2^(k−1) up to the cap if exponential."""
    count = max(1, retry.attempts - 1)
    if retry.backoff == "exponential":
        with np.errstate(over="ignore"):
            return np.minimum(retry.cap_s, retry.base_s * np.exp2(np.arange(count, dtype=np.float64)))
    return np.full(count, retry.base_s if retry.backoff == "fixed" else 0.0)
