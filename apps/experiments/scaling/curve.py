"""How does the speed of many workers come out of a simulation? One crew after another, and the law fitted to them."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field

import numpy as np

from apps.experiments.base import Outcome, Sample
from apps.experiments.scaling import law
from apps.experiments.scaling.caveats import caveats_of_law
from apps.experiments.scaling.expectation import expected_of_law
from apps.experiments.scaling.film import film_of_crew
from apps.experiments.scaling.settings import Settings
from apps.experiments.scaling.workers import Crew, Task
from apps.simulator.statistics import BATCHES, Estimate, estimate
from apps.simulator.streams import Floats

SIZES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)
ROUNDS = 80  # tasks a worker, at least
TASKS = 6_000  # a crew, at least


@dataclass(slots=True)
class Curve:
    """Measured speed-ups: by size of the crew, one value a batch."""

    batches: dict[int, Floats] = field(default_factory=dict)
    first: list[Task] = field(default_factory=list)

    def at(self, size: int) -> Estimate:
        """Return the speed-up of a crew with its interval."""
        return estimate(self.batches[size])

    def fits(self) -> Floats:
        """Return sigma and kappa, fitted to each batch of all crews apart: a row a batch."""
        sizes = np.array(sorted(self.batches), dtype=np.float64)
        speeds = np.array([self.batches[int(size)] for size in sizes])
        return np.array([law.fit(sizes, speeds[:, batch]) for batch in range(BATCHES)])


def run_law(settings: Settings, seed: int) -> Generator[Sample, None, Outcome]:
    """Let crews of many sizes work, and fit the law to what they did."""
    sizes = sorted({*SIZES, settings.servers})
    curve = Curve()
    for number, size in enumerate(sizes, start=1):
        tasks = Crew(size, settings.sigma, settings.kappa, settings.pace, seed).work(max(TASKS, ROUNDS * size))
        curve.batches[size] = speeds(tasks, size)
        if size == settings.servers:
            curve.first = tasks[:600]
        yield Sample(points=_points(settings, size, curve.at(size)), progress=number / len(sizes))
    fits = curve.fits()
    sigma, kappa = (_not_negative(estimate(fits[:, column])) for column in (0, 1))
    found = figures(settings, curve.at(settings.servers), sigma, kappa)
    return Outcome(
        figures={name: each.value for name, each in found.items()},
        intervals={name: each.half_width for name, each in found.items()},
        expected=expected_of_law(settings, found),
        caveats=tuple(caveats_of_law(settings)),
        film=film_of_crew(settings, curve.first),
    )


def _not_negative(fitted: Estimate) -> Estimate:
    """Return an estimate of what cannot be below zero, though a fit may be, by chance."""
    return Estimate(max(0.0, fitted.value), fitted.half_width)


def speeds(tasks: list[Task], size: int) -> Floats:
    """Return tasks per second, one value a batch. A batch is whole rounds, so that no worker counts twice in it."""
    rounds = len(tasks) // size // BATCHES
    ends = np.array([tasks[min(len(tasks), rounds * batch * size) - 1].done for batch in range(1, BATCHES + 1)])
    return rounds * size / np.diff(ends, prepend=0.0)


def figures(settings: Settings, speed: Estimate, sigma: Estimate, kappa: Estimate) -> Mapping[str, Estimate]:
    """Return the figures of a run with their intervals. Without talk there is no peak; without a lock no limit."""
    size = settings.servers
    found = {
        "speedup": speed,
        "efficiency": Estimate(speed.value / size, speed.half_width / size),
        "fitted_sigma": sigma,
        "fitted_kappa": kappa,
    }
    if settings.kappa > 0 and kappa.value > 0:
        top = law.peak(sigma.value, kappa.value)
        found["peak_servers"] = Estimate(top, top * kappa.half_width / kappa.value / 2)
        height = law.speedup(top, sigma.value, kappa.value)
        low = law.speedup(top, sigma.value + sigma.half_width, kappa.value + kappa.half_width)
        found["peak_speedup"] = Estimate(height, height - low)
    elif sigma.value > 0:
        found["limit"] = Estimate(1 / sigma.value, sigma.half_width / sigma.value**2)
    return found


def _points(settings: Settings, size: int, speed: Estimate) -> Mapping[str, tuple[float, float]]:
    workers = float(size)
    return {
        "speedup": (workers, round(speed.value, 4)),
        "efficiency": (workers, round(speed.value / size, 5)),
        "law": (workers, round(law.speedup(size, settings.sigma, settings.kappa), 4)),
        "amdahl": (workers, round(law.speedup(size, settings.sigma, 0.0), 4)),
    }
