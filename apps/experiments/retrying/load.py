"""What do retries do to a load while calls fail, and afterwards? Every call of every layer is simulated."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping

from apps.experiments.base import Outcome, Point, Sample
from apps.experiments.retrying.caveats import caveats_of_load
from apps.experiments.retrying.expectation import expected_of_load
from apps.experiments.retrying.settings import SERVER, Settings
from apps.experiments.systems.thinning import thin_film
from apps.experiments.systems.timelines import WELL, rate, share
from apps.simulator.calls.report import Report, Timeline
from apps.simulator.calls.run import simulate
from apps.simulator.statistics import Estimate

LEAD_S, WATCHED_S = 1.0, 3.0  # the film, around the beginning of the trigger
MOST_VISITS = 100_000


def run_load(settings: Settings, seed: int) -> Generator[Sample, None, Outcome]:
    """Let a load come, and its trigger."""
    yield Sample(note=f"Simulating {settings.offered_rps * settings.duration_s:,.0f} requests")
    system, start = settings.system(), settings.event_at_s - LEAD_S
    report = simulate(
        system, seed=seed, seconds=settings.duration_s, warm_up=0.0, bucket_s=settings.bucket_s, visits=MOST_VISITS,
        watch_from=start,
    )  # fmt: skip
    steps = list(drawn(report.timeline))
    for number, points in enumerate(steps, start=1):
        yield Sample(points=points, progress=number / len(steps))
    found = figures(settings, report)
    return Outcome(
        figures={name: each.value for name, each in found.items()},
        intervals={name: each.half_width for name, each in found.items() if 0 < each.half_width < float("inf")},
        expected=expected_of_load(settings, found),
        caveats=tuple(caveats_of_load(settings)),
        film=thin_film(system, report, start, start + LEAD_S + WATCHED_S, "Around the beginning of the trigger"),
    )


def figures(settings: Settings, report: Report) -> Mapping[str, Estimate]:
    """Return the figures of a run. Those of the trigger leave out its beginning, until retries have come up to it."""
    line, bucket_s = report.timeline, report.timeline.bucket_s
    begin = settings.event_at_s + min(settings.settles_s() + bucket_s, settings.event_s / 2)
    end, last = settings.ends_at_s, settings.duration_s
    attempts, ended = line.attempts[SERVER], line.good + line.failed
    after = rate(line.good, bucket_s, (end + last) / 2, last)
    found = {
        "amplification": share(attempts, line.offered, bucket_s, begin, end),
        "goodput_after": after,
        "recovered": Estimate(float(after.value >= WELL * settings.offered_rps), 0.0),
        "failed_share": share(line.failed, ended, bucket_s, begin, end),
        "peak_rps": Estimate(float(attempts.max() / bucket_s), 0.0),
        "calls": Estimate(float(attempts.sum()), 0.0),
    }
    return {name: each for name, each in found.items() if each.value == each.value}


def drawn(line: Timeline) -> Iterator[Mapping[str, Point]]:
    """Yield a point a bucket: calls at the server, goodput and requests that failed for good, per second."""
    series = {"attempts": line.attempts[SERVER], "goodput": line.good, "failed": line.failed}
    for number in range(len(line.good)):
        at = round((number + 1) * line.bucket_s, 3)
        yield {name: (at, float(counts[number] / line.bucket_s)) for name, counts in series.items()}
