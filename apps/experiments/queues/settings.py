"""What was set for a queueing run? The parameters, typed, and the network that they describe."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from apps.experiments.params import Params
from apps.simulator.arrivals import Arrivals, Even, OnOff, Poisson
from apps.simulator.network import Discipline, Network, Station
from apps.simulator.services import Deterministic, Exponential, LogNormal, Pareto, Service
from apps.simulator.sources import Sources
from apps.simulator.streams import Floats

NAME = "queue"
LOGNORMAL_SCV = 4.0  # squared coefficient of variation: the slowest hundredth takes 8.5 times the mean
PARETO_SHAPE = 2.5
BURST = 50  # service times that a burst lasts, and the pause after it
SIMULATED = "simulated"
SERVERS = {"postgres": "PostgreSQL", "redis": "Redis"}  # real ones, by engine


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a queueing run."""

    engine: str
    servers: int
    utilisation: float
    arrivals: str
    service: str
    mean_service_ms: float
    discipline: Discipline
    customers: int
    duration_s: float

    @classmethod
    def of(cls, params: Params) -> Settings:
        """Return cleaned parameters as settings."""
        return cls(**params)  # type: ignore[arg-type]

    @property
    def real(self) -> bool:
        """Return whether a real server is measured."""
        return self.engine != SIMULATED

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

    @property
    def grows_per_s(self) -> float:
        """Return by how many requests the line grows each second: what comes less what the servers can do; or 0."""
        return max(0.0, self.rate - self.servers / self.service_s)

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

    def sources(self, seed: int) -> Sources:
        """Return the random numbers that the simulator draws for this queue: when requests come, what each wants."""
        return Sources(self.network(), seed)


def arrivals_until(sources: Sources, end_s: float) -> Floats:
    """Return the arrivals at the queue from 0 to `end_s`, in seconds."""
    due = sources.arrival[0].block()
    while due[-1] < end_s:
        due = np.concatenate([due, sources.arrival[0].block()])
    return due[due < end_s]


def first_work(sources: Sources, count: int) -> Floats:
    """Return the service times of the first `count` requests, in seconds."""
    work = sources.work[0].block()
    while len(work) < count:
        work = np.concatenate([work, sources.work[0].block()])
    return work[:count]
