"""What was set for a load-balancing run? The parameters, typed, and the system that they describe."""

from __future__ import annotations

from dataclasses import dataclass

from apps.experiments.params import Params
from apps.simulator.arrivals import Poisson
from apps.simulator.calls.policies import Balancer
from apps.simulator.calls.system import Call, Change, Service, System
from apps.simulator.services import Deterministic, Exponential, LogNormal, Pareto
from apps.simulator.services import Service as Law

NAME = "server"
LOGNORMAL_SCV = 4.0  # squared coefficient of variation: the slowest hundredth takes 8.5 times the mean
PARETO_SHAPE = 2.5
MOST_REQUESTS = 2_000_000
BY_CLIENT = ("ip-hash", "consistent-hash")


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a load-balancing run. The slow servers are the last ones; the first is the one that fails."""

    algorithm: Balancer
    clients: int
    client_skew: float
    servers: int
    slow_servers: int
    slow_factor: float
    service: str
    mean_service_ms: float
    queue_limit: int
    utilisation: float
    duration_s: float
    event: str
    event_at_s: float
    noticed_s: float

    @classmethod
    def of(cls, params: Params) -> Settings:
        """Return cleaned parameters as settings."""
        return cls(**params)  # type: ignore[arg-type]

    @property
    def service_s(self) -> float:
        """Return the mean service time of a server that is not slow, in seconds."""
        return self.mean_service_ms / 1_000

    @property
    def speeds(self) -> tuple[float, ...]:
        """Return how fast each server of the beginning works; 1 is full speed."""
        return (1.0,) * (self.servers - self.slow_servers) + (1 / self.slow_factor,) * self.slow_servers

    @property
    def capacity(self) -> float:
        """Return how many requests per second all servers can do at the beginning."""
        return sum(self.speeds) / self.service_s

    @property
    def rate(self) -> float:
        """Return how many requests come per second."""
        return self.utilisation * self.capacity

    @property
    def requests(self) -> float:
        """Return how many requests come in the run, about."""
        return self.rate * self.duration_s

    @property
    def replicas(self) -> int:
        """Return how many servers there ever are."""
        return self.servers + (self.event == "server-added")

    def law(self) -> Law:
        """Return the law of service times."""
        laws: dict[str, Law] = {
            "exponential": Exponential(self.service_s),
            "deterministic": Deterministic(self.service_s),
            "lognormal": LogNormal.with_mean(self.service_s, LOGNORMAL_SCV),
            "pareto": Pareto(self.service_s, PARETO_SHAPE),
        }
        return laws[self.service]

    def changes(self) -> tuple[Change, ...]:
        """Return what happens. A server that is stuck is given up, with all that is in it, once that is noticed."""
        at = self.event_at_s
        events = {
            "none": (),
            "server-down": (Change(at, NAME, 0, gone=True, noticed_s=self.noticed_s),),
            "server-stuck": (Change(at, NAME, 0, speed=0.0), Change(at + self.noticed_s, NAME, 0, gone=True)),
            "server-added": (Change(at, NAME, self.servers, added=True),),
        }
        return events[self.event]

    def system(self) -> System:
        """Return the servers behind their balancer, which is told how fast each works."""
        speeds = (*self.speeds, *(1.0,) * (self.replicas - self.servers))
        service = Service(
            work=self.law(),
            replicas=self.replicas,
            room=self.queue_limit + 1 if self.queue_limit else None,
            balancer=self.algorithm,
            speeds=speeds,
            weights=speeds,
        )
        return System(
            {NAME: service}, Call(NAME), Poisson(self.rate), self.changes(), keys=self.clients, alpha=self.client_skew
        )


def conflicts(params: Params) -> dict[str, str]:
    """Return problems by name between values that are each allowed."""
    settings, found = Settings.of(params), {}
    if settings.slow_servers > settings.servers:
        found["slow_servers"] = (
            f"There are {settings.servers} servers. Use a whole number from 0 to {settings.servers}."
        )
    elif (requests := settings.requests) > MOST_REQUESTS:
        found["duration_s"] = (
            f"{requests:,.0f} requests would come, and {MOST_REQUESTS:,} is the most. Use at most "
            f"{MOST_REQUESTS / settings.rate:.3g} s, fewer servers or longer services."
        )
    if settings.event != "none" and settings.event_at_s >= settings.duration_s:
        found["event_at_s"] = f"The run lasts {settings.duration_s:g} s. Use less than that."
    return found
