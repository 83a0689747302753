"""How is a queueing run carried out? By the simulator, at once, or at a real server, and then by the simulator too."""

from __future__ import annotations

from collections.abc import Generator

from apps.experiments.base import Outcome, Sample
from apps.experiments.bench import Bench
from apps.experiments.params import Params
from apps.experiments.queues.beside import Comparison
from apps.experiments.queues.caveats import caveats
from apps.experiments.queues.drawing import drawn, growth
from apps.experiments.queues.expectation import expected
from apps.experiments.queues.figures import figures, intervals
from apps.experiments.queues.film import film
from apps.experiments.queues.real import measure
from apps.experiments.queues.settings import NAME, Settings, arrivals_until
from apps.simulator.run import simulate

KEPT = 200_000  # visits from which lines and the mean so far are drawn

Steps = Generator[Sample, None, Outcome]


def run(params: Params, bench: Bench) -> Steps:
    """Carry out one queueing run. Raises ExperimentError if a real server is asked for and missing, or stops."""
    settings = Settings.of(params)
    return (yield from (_real if settings.real else _simulated)(settings, bench))


def _simulated(settings: Settings, bench: Bench) -> Steps:
    """Simulate. A first run after an installation compiles the simulator, and says so."""
    yield Sample(note=f"Simulating {settings.customers:,} requests")
    visits = min(settings.customers, KEPT)
    report = simulate(settings.network(), customers=settings.customers, seed=bench.seed, visits=visits)
    until = float(report.log[:, 2].max())
    steps = list(drawn(settings, report.log, arrivals_until(settings.sources(bench.seed), until)))
    for number, points in enumerate([*steps, *growth(settings, until)], start=1):
        yield Sample(points=points, progress=min(1.0, number / len(steps)))
    station = report.stations[NAME]
    return Outcome(
        figures=figures(station),
        expected=expected(settings, station),
        caveats=tuple(caveats(settings, station, report.log)),
        intervals=intervals(station),
        film=film(settings, report.log, settings.customers),
    )


def _real(settings: Settings, bench: Bench) -> Steps:
    """Measure, then let the simulator serve the same requests, and lay its lines over."""
    measured = yield from measure(settings, bench)
    comparison = Comparison.of(settings, measured, bench.seed)
    for points in drawn(settings, comparison.model, measured.due, "model_"):
        yield Sample(points=points, progress=1.0)
    for points in growth(settings, float(measured.due[-1])):
        yield Sample(points=points, progress=1.0)
    return comparison.outcome(bench.seed)
