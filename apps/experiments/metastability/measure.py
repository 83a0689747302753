"""How is a metastable run carried out? One system from calm through its trigger to what it came to."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping

from apps.experiments.base import Outcome, Point, Sample
from apps.experiments.bench import Bench
from apps.experiments.metastability.caveats import caveats
from apps.experiments.metastability.expectation import expected
from apps.experiments.metastability.film import WATCHED_S, film
from apps.experiments.metastability.settings import BUCKET_S, SERVER, Settings
from apps.experiments.params import Params
from apps.experiments.systems.timelines import WELL, rate, share, well_after
from apps.simulator.calls.report import Report, Timeline
from apps.simulator.calls.run import simulate
from apps.simulator.statistics import Estimate

LEAD_S = 1.0  # of calm before the trigger in the film


def run(params: Params, bench: Bench) -> Generator[Sample, None, Outcome]:
    """Carry out one run."""
    settings = Settings.of(params)
    yield Sample(note=f"Simulating {settings.offered_rps * settings.duration_s:,.0f} requests")
    system, watch_from = settings.system(), max(0.0, settings.event_at_s - LEAD_S)
    watched = WATCHED_S + settings.outage_s + LEAD_S
    report = simulate(
        system, seed=bench.seed, seconds=settings.duration_s, warm_up=0.0, bucket_s=BUCKET_S, watch_from=watch_from,
        visits=int(watched * settings.offered_rps * (settings.attempts + 3)) + 1_000,
    )  # fmt: skip
    steps = list(drawn(report.timeline))
    for number, points in enumerate(steps, start=1):
        yield Sample(points=points, progress=number / len(steps))
    found = figures(settings, report)
    return Outcome(
        figures={name: each.value for name, each in found.items()},
        intervals={name: each.half_width for name, each in found.items() if 0 < each.half_width < float("inf")},
        expected=expected(settings, found),
        caveats=tuple(caveats(settings, found)),
        film=film(settings, system, report, watch_from),
    )


def figures(settings: Settings, report: Report) -> Mapping[str, Estimate]:
    """Return the figures of a run; those that are counted, not estimated, with an interval of 0.

    When goodput is never back, there is no time until it is.
    """
    line, calm, after, end = report.timeline, 0.2 * settings.event_at_s, settings.after_s, settings.duration_s
    goodput = rate(line.good, BUCKET_S, after, end)
    ended, begun = line.good + line.failed, settings.event_at_s
    found = {
        "goodput_after": goodput,
        "recovered": Estimate(float(goodput.value >= WELL * settings.offered_rps * settings.may_succeed), 0.0),
        "amplification": share(line.attempts[SERVER], line.offered, BUCKET_S, after, end),
        "amplification_in_all": Estimate(
            share(line.attempts[SERVER], line.offered, BUCKET_S, settings.event_at_s, end).value, 0.0
        ),
        "goodput_before": rate(line.good, BUCKET_S, calm, begun),
        "failed_before": share(line.failed, ended, BUCKET_S, calm, begun),
        "given_up": Estimate(float(line.failed.sum() / max(1, ended.sum())), 0.0),
        "peak_queue": Estimate(float(line.queue[SERVER].max()), 0.0),
    }
    back = well_after(line.good, BUCKET_S, settings.offered_rps * settings.may_succeed, settings.ends_at_s)
    if back is not None and found["recovered"].value and settings.trigger != "none":
        found["recovered_after_s"] = Estimate(back, 0.0)
    return {name: each for name, each in found.items() if each.value == each.value}


def drawn(line: Timeline) -> Iterator[Mapping[str, Point]]:
    """Yield a point a bucket: goodput, attempts and requests per second, and the line at the server."""
    per = {"goodput": line.good, "attempts": line.attempts[SERVER], "offered": line.offered}
    for number in range(len(line.good)):
        at = round((number + 1) * line.bucket_s, 3)
        yield {
            **{name: (at, float(counts[number] / line.bucket_s)) for name, counts in per.items()},
            "queue": (at, float(line.queue[SERVER][number])),
        }
