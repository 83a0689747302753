"""How is a run of a content delivery network carried out? By the simulator, at once; then its curves are drawn."""

from __future__ import annotations

from collections.abc import Generator
from math import isfinite

from apps.experiments.base import Outcome, Sample
from apps.experiments.bench import Bench
from apps.experiments.cdns.caveats import caveats
from apps.experiments.cdns.drawing import curves
from apps.experiments.cdns.expectation import expected
from apps.experiments.cdns.figures import estimates
from apps.experiments.cdns.film import film
from apps.experiments.cdns.settings import Settings
from apps.experiments.params import Params
from apps.simulator.cdn.run import simulate


def run(params: Params, bench: Bench) -> Generator[Sample, None, Outcome]:
    """Carry out one run. A first run after an installation compiles the simulator, and says so."""
    settings = Settings.of(params)
    yield Sample(note=f"Simulating {settings.rps * settings.duration_s:,.0f} requests")
    report = simulate(settings.cdn(), seed=bench.seed, seconds=settings.duration_s)
    series = curves(report)
    steps = max(len(points) for points in series.values())
    for step in range(steps):
        points = {name: points[step] for name, points in series.items() if step < len(points)}
        yield Sample(points=points, progress=(step + 1) / steps)
    found = estimates(report)
    return Outcome(
        figures={name: each.value for name, each in found.items()},
        expected=expected(settings, found),
        caveats=tuple(caveats(settings, report)),
        intervals={name: each.half_width for name, each in found.items() if isfinite(each.half_width)},
        film=film(settings, report),
    )
