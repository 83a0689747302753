"""How is a queueing run carried out? By the simulator, at once; what is drawn are the first minutes and the mean."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping

import numpy as np

from apps.experiments.base import Outcome, Point, Sample
from apps.experiments.bench import Bench
from apps.experiments.params import Params
from apps.experiments.queues.caveats import caveats
from apps.experiments.queues.expectation import expected
from apps.experiments.queues.film import film
from apps.experiments.queues.settings import NAME, Settings
from apps.simulator.run import StationReport, simulate
from apps.simulator.streams import Floats

FIRST = 300  # requests that are drawn one by one
POINTS = 200
KEPT = 200_000  # visits from which the mean so far is drawn


def run(params: Params, bench: Bench) -> Generator[Sample, None, Outcome]:
    """Carry out one queueing run. A first run after an installation compiles the simulator, and says so."""
    settings = Settings.of(params)
    yield Sample(note=f"Simulating {settings.customers:,} requests")
    visits = min(settings.customers, KEPT)
    report = simulate(settings.network(), customers=settings.customers, seed=bench.seed, visits=visits)
    steps = list(drawn(report.log))
    for number, points in enumerate(steps, start=1):
        yield Sample(points=points, progress=number / len(steps))
    station = report.stations[NAME]
    return Outcome(
        figures=figures(station),
        expected=expected(settings, station),
        caveats=tuple(caveats(settings, station, report.log)),
        intervals=intervals(station),
        film=film(settings, report.log),
    )


def figures(station: StationReport) -> dict[str, float]:
    """Return the figures of a run; times in ms."""
    return {
        "mean_wait_ms": station.wait.value * 1e3,
        "p99_wait_ms": station.wait_percentile(0.99).value * 1e3,
        "mean_response_ms": station.response.value * 1e3,
        "mean_queue": station.queue.value,
        "utilisation": station.utilisation.value,
        "interval_ms": station.wait.half_width * 1e3,
    }


def intervals(station: StationReport) -> dict[str, float]:
    """Return half of the 95 % interval of each figure that is an estimate, in its unit."""
    return {
        "mean_wait_ms": station.wait.half_width * 1e3,
        "p99_wait_ms": station.wait_percentile(0.99).half_width * 1e3,
        "mean_response_ms": station.response.half_width * 1e3,
        "mean_queue": station.queue.half_width,
        "utilisation": station.utilisation.half_width,
    }


def drawn(log: Floats) -> Iterator[Mapping[str, Point]]:
    """Yield points in the order of time: the waits of the first requests, then the mean of all so far, in ms."""
    left, waited = log[:, 4], log[:, 3] * 1e3
    order = left.argsort(kind="stable")
    left, waited = left[order], waited[order]
    for at, wait in zip(left[:FIRST].tolist(), waited[:FIRST].tolist(), strict=True):
        yield {"wait_ms": (round(at, 4), round(wait, 4))}
    mean = np.cumsum(waited) / np.arange(1, len(waited) + 1)
    for place in np.unique(np.linspace(min(FIRST, len(left)) - 1, len(left) - 1, POINTS).astype(int)).tolist():
        yield {"mean_wait_ms": (round(float(left[place]), 3), round(float(mean[place]), 4))}
