"""How is a run of fan-out and hedging carried out? One long run for the figures, shorter ones over the fan-out."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from math import isfinite

from apps.experiments.base import Outcome, Point, Sample
from apps.experiments.bench import Bench
from apps.experiments.film import MOST_VISITS
from apps.experiments.params import Params
from apps.experiments.systems.samples import rounded, together
from apps.experiments.tails.caveats import caveats
from apps.experiments.tails.expectation import PERCENTILES, expected
from apps.experiments.tails.film import film
from apps.experiments.tails.settings import LADDER, LEAF, LEAST_FOR_P999, SHORTER, Settings
from apps.experiments.tails.shares import share_above, tail
from apps.experiments.tails.theory import percentile, slow_pages
from apps.simulator.calls.report import Report
from apps.simulator.calls.run import simulate
from apps.simulator.statistics import Estimate

RULE_OF_THREE = 3.0  # what never came in n pages has a chance below 3/n, in 95 of 100 runs
WIDEST = 200  # leaves up to which theory is drawn, or further if the run has more
CURVE = 60  # points of a theory line


def run(params: Params, bench: Bench) -> Generator[Sample, None, Outcome]:
    """Carry out one run: the pages, then fewer pages at each smaller fan-out for the curve."""
    settings = Settings.of(params)
    yield Sample(note=f"Simulating {settings.requests:,} pages of {settings.fan_out} calls")
    report = simulate(settings.system(), seed=bench.seed, requests=settings.requests, visits=MOST_VISITS)
    estimates = measured(settings, report)
    intervals = {name: each.half_width for name, each in estimates.items() if isfinite(each.half_width)}
    if settings.requests < LEAST_FOR_P999:  # batches of so few pages say nothing about their slowest thousandth
        intervals.pop("p999_ms", None)
    yield from together({"page_slower": [(at * 1e3, share) for at, share in tail(report.latency_bins)],
                         "call_slower": [(at * 1e3, share) for at, share in calls_of(report)],
                         **curves(settings)}, end=0.6)  # fmt: skip
    for fan_out, p99_ms in over_fan_out(settings, bench.seed, estimates["p99_ms"].value):
        point, progress = (float(fan_out), rounded(p99_ms)), 0.6 + 0.4 * fan_out / settings.fan_out
        yield Sample(points={"p99_ms": point}, note=f"Pages of {fan_out} calls", progress=progress)
    return Outcome(
        figures={name: each.value for name, each in estimates.items()},
        expected=expected(settings, intervals),
        intervals=intervals,
        caveats=tuple(caveats(settings, report, estimates)),
        film=film(settings, report),
    )


def measured(settings: Settings, report: Report) -> dict[str, Estimate]:
    """Return the figures with their intervals; times in ms."""
    slow = share_above(report.latency_bins, settings.slow_s)
    times = {name: report.latency_percentile(share) for name, share in PERCENTILES.items()}
    first = int(report.timeline.offered.sum()) * settings.fan_out  # over the whole run, so that no hedge is cut off
    extra = max(0.0, int(report.timeline.attempts[LEAF].sum()) / first - 1)
    spread = 1.96 * (max(extra * (1 - min(extra, 1.0)), 1 / first) / first) ** 0.5
    return {
        "mean_ms": Estimate(report.latency.value * 1e3, report.latency.half_width * 1e3),
        **{name: Estimate(each.value * 1e3, each.half_width * 1e3) for name, each in times.items()},
        "extra_load": Estimate(extra, spread),
        "slow_pages": Estimate(slow.value, max(slow.half_width, RULE_OF_THREE / report.requests)),
    }


def calls_of(report: Report) -> Iterator[Point]:
    """Yield (seconds, share that took longer) of single calls, second ones included."""
    return tail(report.services[LEAF].response_bins)


def over_fan_out(settings: Settings, seed: int, last_ms: float) -> Iterator[Point]:
    """Yield (fan-out, p99 of the page in ms) up to the fan-out of this run, whose own p99 ends the line."""
    pages = max(settings.requests // SHORTER, 100)
    for fan_out in LADDER:
        if fan_out < settings.fan_out:
            other = replace(settings, fan_out=fan_out)
            report = simulate(other.system(), seed=seed, requests=pages)
            yield fan_out, report.latency_percentile(0.99).value * 1e3
    yield settings.fan_out, last_ms


def curves(settings: Settings) -> dict[str, list[Point]]:
    """Return the lines of theory: share of slower pages over ms, and p99 over the fan-out with and without hedges."""
    if settings.queues:
        return {}
    law, n, after = settings.leaf_law(), settings.fan_out, settings.hedge_s
    first, last = percentile(law, 0.001, 1, after) / 1.2, percentile(law, 0.9999, n, after) * 1.2
    times = [first * (last / first) ** (step / (2 * CURVE)) for step in range(2 * CURVE + 1)]
    widest = max(WIDEST, n)
    fans = sorted({n, *(fan for fan in LADDER if fan <= widest), *(round(widest ** (k / CURVE)) for k in range(CURVE))})
    lines = {
        "page_theory": [(at * 1e3, slow_pages(law, at, n, after)) for at in times],
        "p99_theory_ms": [(float(fan), percentile(law, 0.99, fan, after) * 1e3) for fan in fans],
    }
    if settings.hedge_after_ms:
        lines["p99_plain_ms"] = [(float(fan), percentile(law, 0.99, fan, float("inf")) * 1e3) for fan in fans]
    return lines
