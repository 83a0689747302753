"""How much work does a request bring? Its service time in seconds, drawn from one of four laws."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log
from typing import Protocol

import numpy as np

from apps.simulator.streams import Floats

Z99 = 2.3263478740408408  # 99 of 100 normal values lie below so many standard deviations


class Service(Protocol):
    """A law of service times. `scv` is the squared coefficient of variation: variance over squared mean."""

    @property
    def mean(self) -> float: ...
    @property
    def scv(self) -> float: ...
    def draw(self, random: np.random.Generator, count: int) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Exponential:
    """Memoryless: most requests are short, some are long."""

    mean: float
    scv: float = 1.0

    def draw(self, random: np.random.Generator, count: int) -> Floats:
        """Return service times in seconds."""
        return random.standard_exponential(count) * self.mean


@dataclass(frozen=True, slots=True)
class Deterministic:
    """Every request takes the same time."""

    mean: float
    scv: float = 0.0

    def draw(self, random: np.random.Generator, count: int) -> Floats:
        """Return service times in seconds."""
        return np.full(count, self.mean)


@dataclass(frozen=True, slots=True)
class LogNormal:
    """What latencies of real services look like; told by the median and the slowest hundredth."""

    p50: float
    p99: float

    @classmethod
    def with_mean(cls, mean: float, scv: float) -> LogNormal:
        """Return the law with this mean and squared coefficient of variation: sigma² = ln(1 + scv)."""
        sigma = log(1 + scv) ** 0.5
        p50 = mean * exp(-(sigma**2) / 2)
        return cls(p50, p50 * exp(Z99 * sigma))

    @property
    def sigma(self) -> float:
        """Return the standard deviation of the logarithm."""
        return log(self.p99 / self.p50) / Z99

    @property
    def mean(self) -> float:
        """Return the mean in seconds."""
        return self.p50 * exp(self.sigma**2 / 2)

    @property
    def scv(self) -> float:
        """Return the squared coefficient of variation."""
        return exp(self.sigma**2) - 1

    def draw(self, random: np.random.Generator, count: int) -> Floats:
        """Return service times in seconds."""
        return random.lognormal(log(self.p50), self.sigma, count)


@dataclass(frozen=True, slots=True)
class Pareto:
    """A heavy tail: few requests carry much of the work. The variance is infinite for a shape of 2 or less."""

    mean: float
    shape: float = 2.5

    @property
    def scv(self) -> float:
        """Return the squared coefficient of variation, 1/(a(a-2)) for shape a."""
        return 1 / (self.shape * (self.shape - 2)) if self.shape > 2 else inf

    def draw(self, random: np.random.Generator, count: int) -> Floats:
        """Return service times in seconds."""
        least = self.mean * (self.shape - 1) / self.shape
        return (random.pareto(self.shape, count) + 1) * least
