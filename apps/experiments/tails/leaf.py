"""How long does one leaf take? The laws of its answer, with the share of answers that take longer than a given time."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, exp, log, sqrt

import numpy as np

from apps.simulator.services import Exponential, LogNormal, Service
from apps.simulator.streams import Floats


@dataclass(frozen=True, slots=True)
class TwoPoint:
    """Nearly always `fast`, with the chance `share` `slow`: a leaf that now and then cleans up or reads a cold disk."""

    fast: float
    slow: float
    share: float

    @property
    def mean(self) -> float:
        """Return the mean in seconds."""
        return self.fast + self.share * (self.slow - self.fast)

    @property
    def scv(self) -> float:
        """Return the squared coefficient of variation."""
        return self.share * (1 - self.share) * ((self.slow - self.fast) / self.mean) ** 2

    def draw(self, random: np.random.Generator, count: int) -> Floats:
        """Return service times in seconds."""
        return np.where(random.random(count) < self.share, self.slow, self.fast)


def slower(law: Service, seconds: float) -> float:
    """Return the share of answers that take longer. Raises TypeError for a law without a closed form here."""
    if isinstance(law, TwoPoint):
        return 1.0 if seconds < law.fast else law.share if seconds < law.slow else 0.0
    if isinstance(law, Exponential):
        return exp(-max(0.0, seconds) / law.mean)
    if isinstance(law, LogNormal):
        return 1.0 if seconds <= 0 else erfc(log(seconds / law.p50) / law.sigma / sqrt(2)) / 2
    raise TypeError(f"no closed form for {law!r}")
