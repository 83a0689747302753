"""What was set for a scaling run? The parameters, typed, and the load that they describe."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, pi

import numpy as np

from apps.experiments.params import Params
from apps.experiments.scaling.fleet import Rules
from apps.experiments.scaling.workers import Pace
from apps.simulator.streams import Floats, stream

BEGIN_S = 300.0  # when a spike or a ramp begins; until then the load is even
RAMP_S = 600.0


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a scaling run."""

    model: str
    servers: int
    sigma: float
    kappa: float
    pace: Pace
    load: str
    base_rps: float
    peak_factor: float
    server_rps: float
    boot_s: float
    target_utilisation: float
    cooldown_s: float
    min_servers: int
    max_servers: int
    minutes: int

    @classmethod
    def of(cls, params: Params) -> Settings:
        """Return cleaned parameters as settings."""
        return cls(**params)  # type: ignore[arg-type]

    @property
    def rules(self) -> Rules:
        """Return the rules of the controller."""
        return Rules(self.boot_s, self.target_utilisation, self.cooldown_s, self.min_servers, self.max_servers)

    @property
    def first_servers(self) -> int:
        """Return how many servers the controller has wanted for the load before anything happens."""
        wanted = ceil(self.base_rps / self.server_rps / self.target_utilisation)
        return min(self.max_servers, max(self.min_servers, wanted))

    @property
    def peak_rps(self) -> float:
        """Return the highest rate of the load."""
        return self.base_rps * self.peak_factor

    def rate(self, at: Floats) -> Floats:
        """Return how many requests come per second at times in seconds."""
        grown = {
            "spike": np.where(at >= BEGIN_S, 1.0, 0.0),
            "ramp": np.clip((at - BEGIN_S) / RAMP_S, 0.0, 1.0),
            "wave": (1 - np.cos(2 * pi * at / (self.minutes * 60.0))) / 2,
        }[self.load]
        return np.asarray(self.base_rps * (1 + (self.peak_factor - 1) * grown), dtype=np.float64)

    def arrivals(self, seed: int) -> list[float]:
        """Return when requests come, in seconds: a Poisson process on a clock that runs as fast as the load."""
        grid = np.arange(0.0, self.minutes * 60.0 + 1.0)
        clock = np.concatenate([[0.0], np.cumsum(self.rate(grid[:-1] + 0.5))])
        count = int(clock[-1] + 10 * clock[-1] ** 0.5 + 100)
        even = np.cumsum(stream(seed, "arrivals").standard_exponential(count))
        moments: list[float] = np.interp(even[even < clock[-1]], clock, grid).tolist()
        return moments

    def work(self, seed: int, count: int) -> list[float]:
        """Return the service times of so many requests, in seconds: exponential."""
        times: list[float] = (stream(seed, "work").standard_exponential(count) / self.server_rps).tolist()
        return times
