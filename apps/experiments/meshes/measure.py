"""How is a run of services that call each other carried out? By the simulator; figures count from the event on."""

from __future__ import annotations

from collections.abc import Generator
from math import isfinite

import numpy as np

from apps.experiments.base import Outcome, Sample
from apps.experiments.bench import Bench
from apps.experiments.meshes.caveats import caveats
from apps.experiments.meshes.drawing import first_bucket, lines
from apps.experiments.meshes.expectation import expected
from apps.experiments.meshes.film import BEFORE_S, KEPT, film
from apps.experiments.meshes.settings import Settings
from apps.experiments.meshes.system import first_name, last_name, names, system
from apps.experiments.params import Params
from apps.experiments.systems.samples import together
from apps.simulator.calls.report import Report
from apps.simulator.calls.run import simulate
from apps.simulator.statistics import BATCHES, Counts, Estimate, ratio_estimate

BUCKETS = 120
RULE_OF_THREE = 3.0  # what never came in n requests has a chance below 3/n, in 95 of 100 runs


def run(params: Params, bench: Bench) -> Generator[Sample, None, Outcome]:
    """Carry out one run."""
    settings = Settings.of(params)
    yield Sample(note=f"Simulating {settings.services} services at {settings.rps:g} requests a second")
    described = system(settings)
    report = simulate(
        described,
        seed=bench.seed,
        seconds=settings.duration_s,
        warm_up=settings.from_s / settings.duration_s,
        visits=KEPT,
        watch_from=max(0.0, settings.event_at_s - BEFORE_S) if settings.eventful else 0.0,
        bucket_s=settings.duration_s / BUCKETS,
    )
    yield from together(lines(settings, report))
    found = {name: each for name, each in measured(settings, report).items() if isfinite(each.value)}
    intervals = {name: each.half_width for name, each in found.items() if isfinite(each.half_width)}
    return Outcome(
        figures={name: each.value for name, each in found.items()},
        expected=expected(settings, intervals),
        intervals=intervals,
        caveats=tuple(caveats(settings, report)),
        film=film(settings, described, report),
    )


def measured(settings: Settings, report: Report) -> dict[str, Estimate]:
    """Return the figures with their intervals; times in ms. What was not seen, as the latency of no answer, is NaN."""
    latency, p99, errors = report.latency, report.latency_percentile(0.99), report.error_rate
    figures = {
        "availability": Estimate(1 - errors.value, max(errors.half_width, RULE_OF_THREE / max(1, report.requests))),
        "mean_ms": Estimate(latency.value * 1e3, latency.half_width * 1e3),
        "p99_ms": Estimate(p99.value * 1e3 if report.latency_bins.any() else float("nan"), p99.half_width * 1e3),
        "wasted_share": wasted(settings, report),
        "amplification": per_request(settings, report, last_name(settings)),
    }
    if settings.holds:
        first = first_name(settings)
        busy, servers = report.services[first].utilisation, system(settings).services[first].servers
        figures["threads_busy"] = Estimate(busy.value * servers, busy.half_width * servers)
    return figures


def wasted(settings: Settings, report: Report) -> Estimate:
    """Return the share of the work, counted in calls served, that is in no answer.

    An answer holds one call of each service; of a service that an answer can do without, those in time.
    """
    *others, last = (report.services[name] for name in names(settings))
    answers = int(report.latency_bins.sum())
    in_time = sum(last.served) - last.wasted
    needed = answers * len(others) + (min(answers, in_time) if settings.optional else answers)
    done = sum(sum(each.served) for each in (*others, last))
    value = max(0.0, 1 - needed / done) if done else float("nan")
    if settings.eventful or settings.optional or not settings.stable:
        return Estimate(value, float("inf"))
    time, since = report.timeline, first_bucket(settings, report)
    calls: Counts = np.sum([time.attempts[name][since:] for name in names(settings)], axis=0)
    half = batched(time.good[since:] * settings.services, calls).half_width
    return Estimate(value, max(half, RULE_OF_THREE / max(1, done)))


def per_request(settings: Settings, report: Report, service: str) -> Estimate:
    """Return calls that reach a service per request of a client, from the event (or the end of the warm-up) on."""
    time, since = report.timeline, first_bucket(settings, report)
    return batched(time.attempts[service][since:], time.offered[since:])


def batched(above: Counts, below: Counts) -> Estimate:
    """Return the ratio of two sums over time, with the 95 % interval of twenty parts of it."""
    return ratio_estimate(
        *(np.array([part.sum() for part in np.array_split(each, BATCHES)]) for each in (above, below))
    )
