"""What if many clients come at one moment? To a server with a short line, or to one row that only one can change."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping

import numpy as np

from apps.experiments.base import Outcome, Point, Sample
from apps.experiments.retrying.caveats import caveats_of_crowd
from apps.experiments.retrying.expectation import expected_of_contention, expected_of_reconnect
from apps.experiments.retrying.film import film_of_contest
from apps.experiments.retrying.settings import SERVER, TOGETHER_S, Settings
from apps.experiments.systems.thinning import thin_film
from apps.simulator.calls.run import simulate
from apps.simulator.contention import Write, contend
from apps.simulator.statistics import BATCHES, Estimate, estimate
from apps.simulator.streams import Floats

SIZES = (0.1, 0.2, 0.4, 0.6, 0.8)  # of the clients, for the curve
CURVE_CONTESTS = 3
POINTS = 200
LONGEST_S = 600.0
KEPT = 200_000


def run_reconnect(settings: Settings, seed: int) -> Generator[Sample, None, Outcome]:
    """Let all clients come back at one moment to a server that has room for few."""
    yield Sample(note=f"Simulating {settings.clients:,} clients that come back at once")
    system = settings.system()
    report = simulate(system, seed=seed, requests=settings.clients, warm_up=0.0, bucket_s=0.01, visits=KEPT)
    came = report.visits["came"][report.visits["service"] == list(system.services).index(SERVER)]
    done = np.repeat(np.arange(len(report.timeline.good), dtype=np.float64), report.timeline.good)
    done *= report.timeline.bucket_s
    completion_s = report.latency_percentile(1.0).value
    yield from _streamed(drawn(came - TOGETHER_S, done - TOGETHER_S, completion_s))
    calls = report.services[SERVER].attempts
    found = figures(settings.clients, calls, completion_s, float(report.error_rate.value == 0))
    found["peak_rps"] = peak(came)
    return Outcome(
        figures=found,
        expected=expected_of_reconnect(settings, found),
        caveats=tuple(caveats_of_crowd(settings)),
        film=thin_film(system, report, TOGETHER_S, TOGETHER_S + min(completion_s, 3.0), "All come back at once"),
    )


def run_contention(settings: Settings, seed: int) -> Generator[Sample, None, Outcome]:
    """Let clients contend for one row: twenty contests of them all, and some of fewer for the curve."""
    yield Sample(note=f"Simulating {BATCHES} contests of {settings.clients:,} clients")
    for part in SIZES:
        clients = max(1, round(part * settings.clients))
        contests = [contend(settings.contest(clients), seed * 1_000 + n) for n in range(CURVE_CONTESTS)]
        yield Sample(points=on_curve(clients, contests), progress=part / 2)
    contests = [contend(settings.contest(settings.clients), seed * 1_000 + n) for n in range(BATCHES)]
    yield Sample(points=on_curve(settings.clients, contests), progress=0.5)
    calls = estimate(np.array([len(writes) for writes in contests], dtype=np.float64))
    completion_s = estimate(np.array([ended(writes) for writes in contests]))
    first = contests[0]
    came, done = np.array([w.came for w in first]), np.array([w.answered for w in first if w.won])
    yield from _streamed(drawn(came, done, ended(first)))
    found = figures(settings.clients, calls.value, completion_s.value, 1.0)
    found["peak_rps"] = peak(came)
    return Outcome(
        figures=found,
        intervals={
            "calls": calls.half_width,
            "completion_ms": completion_s.half_width * 1e3,
            "amplification": calls.half_width / settings.clients,
        },
        expected=expected_of_contention(
            settings, calls, Estimate(completion_s.value * 1e3, completion_s.half_width * 1e3)
        ),
        caveats=tuple(caveats_of_crowd(settings)),
        film=film_of_contest(settings, first),
    )


def figures(clients: int, calls: float, completion_s: float, recovered: float) -> dict[str, float]:
    """Return the figures of a crowd. Its goodput is clients per second until the last one was served."""
    return {
        "amplification": calls / clients,
        "goodput_after": clients / completion_s if completion_s > 0 else 0.0,
        "recovered": recovered,
        "calls": float(calls),
        "completion_ms": completion_s * 1e3,
    }


def ended(writes: list[Write]) -> float:
    """Return when the last client had its answer, in seconds."""
    return max(write.answered for write in writes)


def on_curve(clients: int, contests: list[list[Write]]) -> Mapping[str, Point]:
    """Return the mean number of calls of contests, over their size."""
    return {"calls_by_clients": (float(clients), float(np.mean([len(writes) for writes in contests])))}


def peak(came: Floats) -> float:
    """Return the most calls that came within a tenth of a second, per second."""
    return float(np.bincount((came * 10).astype(np.int64)).max() * 10)


def drawn(came: Floats, done: Floats, completion_s: float) -> Iterator[Mapping[str, Point]]:
    """Yield calls and successes per second in equal steps of the time that it took."""
    steps = np.linspace(0.0, max(completion_s, 0.01), POINTS + 1)
    width = float(steps[1])
    calls, won = (np.histogram(each, steps)[0] / width for each in (came, done))
    for number in range(POINTS):
        at = round(float(steps[number + 1]), 4)
        yield {"attempts": (at, float(calls[number])), "goodput": (at, float(won[number]))}


def _streamed(steps: Iterator[Mapping[str, Point]]) -> Iterator[Sample]:
    for number, points in enumerate(steps, start=1):
        yield Sample(points=points, progress=0.5 + number / POINTS / 2)
