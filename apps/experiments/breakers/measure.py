"""How is a run with a circuit breaker carried out? A caller before, while and after its dependency fails."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping

from apps.experiments.base import Outcome, Point, Sample
from apps.experiments.bench import Bench
from apps.experiments.breakers import states
from apps.experiments.breakers.caveats import caveats
from apps.experiments.breakers.expectation import expected
from apps.experiments.breakers.film import LEAD_S, WATCHED_S, film
from apps.experiments.breakers.settings import CALLER, DEPENDENCY, LIBRARY, Settings
from apps.experiments.params import Params
from apps.experiments.systems.timelines import rate, share, well_after, window
from apps.simulator.calls.report import Report, Timeline
from apps.simulator.calls.run import simulate
from apps.simulator.statistics import BATCHES, Counts, Estimate, estimate
from apps.simulator.streams import Floats

BUCKET_S = 0.5
MOST_STEPS = 500
FULL = 0.98  # of the threads: a full house does not vary
Z95 = 1.96


def run(params: Params, bench: Bench) -> Generator[Sample, None, Outcome]:
    """Carry out one run."""
    settings = Settings.of(params)
    yield Sample(note=f"Simulating {settings.offered_rps * settings.duration_s:,.0f} requests")
    system, start = settings.system(), settings.event_at_s - LEAD_S
    visits = int((LEAD_S + WATCHED_S) * settings.offered_rps * 4) + 1_000
    report = simulate(
        system, seed=bench.seed, seconds=settings.duration_s, warm_up=0.0, bucket_s=BUCKET_S, visits=visits,
        watch_from=start,
    )  # fmt: skip
    for at, level in states.drawn(report, settings.duration_s, MOST_STEPS):
        yield Sample(points={"state": (at, level)})
    steps = list(drawn(report.timeline))
    for number, points in enumerate(steps, start=1):
        yield Sample(points=points, progress=number / len(steps))
    found = figures(settings, report)
    return Outcome(
        figures={name: each.value for name, each in found.items()},
        intervals={name: each.half_width for name, each in found.items() if 0 < each.half_width < float("inf")},
        expected=expected(settings, found),
        caveats=tuple(caveats(settings, found)),
        film=film(settings, system, report, start),
    )


def figures(settings: Settings, report: Report) -> Mapping[str, Estimate]:
    """Return the figures of a run; those that are counted, not estimated, with an interval of 0."""
    line, begin, end = report.timeline, settings.event_at_s, settings.ends_at_s
    spared = report.services[LIBRARY].attempts - report.services[DEPENDENCY].attempts
    held_from = min(begin + settings.timeout_ms / 1e3 + BUCKET_S, (begin + end) / 2)
    p99 = report.latency_percentile(0.99)
    found = {
        "goodput_during": rate(line.good, BUCKET_S, begin, end),
        "failed_during": share(line.failed, line.good + line.failed, BUCKET_S, begin, end),
        "p99_ms": Estimate(p99.value * 1e3, p99.half_width * 1e3),
        "calls_spared": Estimate(float(spared), 0.0),
        "time_open_s": Estimate(states.open_s(report, settings.duration_s), 0.0),
        "opened": Estimate(float(states.opened(report)), 0.0),
        "threads_held": held(settings, window(line.busy[CALLER], BUCKET_S, held_from, end)),
    }
    if (back := well_after(line.good, BUCKET_S, settings.offered_rps, end)) is not None:
        found["recovered_after_s"] = Estimate(back, 0.0)
    return {name: each for name, each in found.items() if each.value == each.value}


def held(settings: Settings, threads: Floats | Counts) -> Estimate:
    """Return the mean of threads held over some buckets, with its 95 % interval.

    Batches of such a window are shorter than what holds a thread, so neighbours are alike. Calls that come at random
    and hold for T have a mean over W whose variance is m·T/W (M/G/∞); the interval is at least that wide.
    """
    size = max(1, len(threads) // BATCHES)
    batches = threads[: len(threads) // size * size].reshape(-1, size).mean(axis=1)
    mean, spread = float(threads.mean()), estimate(batches).half_width
    if mean < FULL * settings.threads:
        longest_s = max(settings.timeout_ms, settings.work_ms) / 1e3
        spread = max(spread, Z95 * (mean * longest_s / (len(threads) * BUCKET_S)) ** 0.5)
    return Estimate(mean, spread)


def drawn(line: Timeline) -> Iterator[Mapping[str, Point]]:
    """Yield a point a bucket: goodput and failures per second, calls at the dependency, threads held, the line."""
    per = {"goodput": line.good, "failed": line.failed, "calls": line.attempts[DEPENDENCY]}
    for number in range(len(line.good)):
        at = round((number + 1) * line.bucket_s, 3)
        yield {
            **{name: (at, float(counts[number] / line.bucket_s)) for name, counts in per.items()},
            "threads": (at, round(float(line.busy[CALLER][number]), 3)),
            "queue": (at, float(line.queue[CALLER][number])),
        }
