"""How is a quorum run carried out? By the simulator, at once; then its curves are drawn point by point."""

from __future__ import annotations

from collections.abc import Generator
from math import isfinite

from apps.experiments.base import Outcome, Sample
from apps.experiments.bench import Bench
from apps.experiments.params import Params
from apps.experiments.quorums.caveats import caveats
from apps.experiments.quorums.drawing import curves
from apps.experiments.quorums.expectation import expected
from apps.experiments.quorums.figures import estimates
from apps.experiments.quorums.film import film, pairs_shown, shown_from
from apps.experiments.quorums.settings import Settings
from apps.simulator.quorums.run import simulate


def run(params: Params, bench: Bench) -> Generator[Sample, None, Outcome]:
    """Carry out one quorum run. A first run after an installation compiles the simulator, and says so."""
    settings = Settings.of(params)
    yield Sample(note=f"Simulating {settings.rate * settings.duration_s:,.0f} writes and as many reads")
    report = simulate(
        settings.store(),
        seed=bench.seed,
        seconds=settings.duration_s,
        watch=pairs_shown(settings),
        watch_from=shown_from(settings),
    )
    series = curves(settings, report, bench.seed)
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
