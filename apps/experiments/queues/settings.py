"""What was set for a queueing run? The parameters, typed, and the network that they describe."""

from __future__ import annotations

from dataclasses import dataclass

from apps.experiments.params import Params
from apps.simulator.arrivals import Arrivals, Even, OnOff, Poisson
from apps.simulator.network import Discipline, Network, Station
from apps.simulator.services import Deterministic, Exponential, LogNormal, Pareto, Service

NAME = "queue"
LOGNORMAL_SCV = 4.0  # squared coefficient of variation: the slowest hundredth takes 8.5 times the mean
PARETO_SHAPE = 2.5
BURST = 50  # service times that a burst lasts, and the pause after it


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a queueing run."""

    servers: int
    utilisation: float
    arrivals: str
    service: str
    mean_service_ms: float
    discipline: Discipline
    customers: int

    @classmethod
    def of(cls, params: Params) -> Settings:
        """Return cleaned parameters as settings."""
        return cls(**params)  # type: ignore[arg-type]

    @property
    def service_s(self) -> float:
        """Return the mean service time in seconds."""
        return self.mean_service_ms / 1_000

    @property
    def rate(self) -> float:
        """Return how many requests come per second."""
        return self.utilisation * self.servers / self.service_s

    @property
    def stable(self) -> bool:
        """Return whether the servers can keep up."""
        return self.utilisation < 1

    def law(self) -> Service:
        """Return the law of service times."""
        laws: dict[str, Service] = {
            "exponential": Exponential(self.service_s),
            "deterministic": Deterministic(self.service_s),
            "lognormal": LogNormal.with_mean(self.service_s, LOGNORMAL_SCV),
            "pareto": Pareto(self.service_s, PARETO_SHAPE),
        }
        return laws[self.service]

    def pattern(self) -> Arrivals:
        """Return the pattern of arrivals."""
        burst_s = BURST * self.service_s
        patterns: dict[str, Arrivals] = {
            "poisson": Poisson(self.rate),
            "deterministic": Even(self.rate),
            "on-off": OnOff(self.rate, burst_s, burst_s),
        }
        return patterns[self.arrivals]

    def network(self) -> Network:
        """Return the queue before the servers."""
        return Network({NAME: Station(self.law(), self.servers, self.discipline)}, {NAME: self.pattern()})
