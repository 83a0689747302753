"""How is a run of a gateway carried out? The limit decides first who gets in; the simulator does the rest."""

from __future__ import annotations

from collections.abc import Generator
from math import isfinite

from apps.experiments.base import Outcome, Sample
from apps.experiments.bench import Bench
from apps.experiments.film import MOST_VISITS
from apps.experiments.gateways.caveats import caveats
from apps.experiments.gateways.drawing import lines
from apps.experiments.gateways.expectation import expected
from apps.experiments.gateways.film import film
from apps.experiments.gateways.limit import admitted, arrivals
from apps.experiments.gateways.settings import Settings
from apps.experiments.gateways.system import GATEWAY, TOKEN, system
from apps.experiments.params import Params
from apps.experiments.systems.samples import together
from apps.experiments.systems.timelines import rate, share
from apps.simulator.calls.report import Report
from apps.simulator.calls.run import simulate
from apps.simulator.statistics import WARM_UP, Estimate

BUCKETS = 120


def run(params: Params, bench: Bench) -> Generator[Sample, None, Outcome]:
    """Carry out one run."""
    settings = Settings.of(params)
    yield Sample(note=f"Simulating {settings.offered_rps:g} requests a second for {settings.duration_s:g} s")
    moments = arrivals(settings, bench.random("requests"))
    through = admitted(settings, moments)
    described = system(settings, moments[through])
    report = simulate(
        described, seed=bench.seed, seconds=settings.duration_s, visits=MOST_VISITS,
        bucket_s=settings.duration_s / BUCKETS,
    )  # fmt: skip
    estimates = {name: each for name, each in measured(settings, report).items() if isfinite(each.value)}
    figures = {name: each.value for name, each in estimates.items()}
    yield from together(lines(settings, moments, report, figures))
    intervals = {name: each.half_width for name, each in estimates.items() if isfinite(each.half_width)}
    return Outcome(
        figures=figures,
        expected=expected(settings, intervals),
        intervals=intervals,
        caveats=tuple(caveats(settings, figures)),
        film=film(settings, described, report),
    )


def measured(settings: Settings, report: Report) -> dict[str, Estimate]:
    """Return the figures with their intervals; times in ms."""
    time, p99 = report.timeline, report.latency_percentile(0.99)
    since, until = settings.duration_s * WARM_UP, settings.duration_s
    busy = report.services[GATEWAY].utilisation if GATEWAY in report.services else Estimate(0.0, 0.0)
    return {
        "mean_ms": Estimate(report.latency.value * 1e3, report.latency.half_width * 1e3),
        "p99_ms": Estimate(p99.value * 1e3 if report.latency_bins.any() else float("nan"), p99.half_width * 1e3),
        "admitted_rps": rate(time.offered, time.bucket_s, since, until),
        "auth_calls_share": share(time.attempts[TOKEN], time.offered, time.bucket_s, since, until),
        "gateway_utilisation": busy,
    }
