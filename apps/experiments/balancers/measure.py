"""How is a load-balancing run carried out? By the simulator, at once; drawn are times, lines and loads."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from itertools import zip_longest

import numpy as np

from apps.experiments.balancers.caveats import caveats
from apps.experiments.balancers.expectation import bounds, expected
from apps.experiments.balancers.film import film
from apps.experiments.balancers.lines import mean_waiting, waiting
from apps.experiments.balancers.settings import NAME, Settings
from apps.experiments.balancers.shares import shares, stable
from apps.experiments.base import Outcome, Point, Sample
from apps.experiments.bench import Bench
from apps.experiments.params import Params
from apps.simulator.calls.report import Report
from apps.simulator.calls.run import simulate
from apps.simulator.statistics import WARM_UP

BUCKETS = 120
KEPT = 200_000  # attempts from which lines are counted

Lines = dict[str, list[Point]]


def run(params: Params, bench: Bench) -> Generator[Sample, None, Outcome]:
    """Carry out one load-balancing run."""
    settings = Settings.of(params)
    yield Sample(note=f"Simulating {settings.rate * settings.duration_s:,.0f} requests")
    report = simulate(
        settings.system(),
        seed=bench.seed,
        seconds=settings.duration_s,
        visits=KEPT,
        watch_from=watch_from(settings),
        bucket_s=settings.duration_s / BUCKETS,
    )
    lines = {**over_time(settings, report), **by_server(settings, report)}
    steps = list(drawn(lines))
    for number, points in enumerate(steps, start=1):
        yield Sample(points=points, progress=number / len(steps))
    found = figures(settings, report, lines)
    return Outcome(
        figures=found,
        expected=expected(settings, report),
        caveats=tuple(caveats(settings, report)),
        intervals=intervals(settings, report),
        film=film(settings, report, watch_from(settings)),
    )


def watch_from(settings: Settings) -> float:
    """Return the second from which attempts are kept: all if they fit, else those after the warm-up or around the
    event."""
    if settings.rate * settings.duration_s <= KEPT * 0.95:  # arrivals vary
        return 0.0
    if settings.event == "none":
        return WARM_UP * settings.duration_s
    return max(0.0, settings.event_at_s - KEPT / settings.rate / 2)


def figures(settings: Settings, report: Report, lines: Lines) -> dict[str, float]:
    """Return the figures of a run; times in ms."""
    sent = np.array([share for _, share in lines["load"]])
    return {
        "mean_ms": _ms(report.latency.value),
        "p50_ms": _ms(report.latency_percentile(0.5).value),
        "p99_ms": _ms(report.latency_percentile(0.99).value),
        "max_over_mean_load": float(sent.max()),
        "dropped": dropped(report),
        "longest_line": max((length for _, length in lines["queue_fullest"]), default=0.0),
        "utilisation": report.services[NAME].utilisation.value,
    }


def dropped(report: Report) -> float:
    """Return the share of all requests that failed, warm-up left out: a whole line may fail in one moment."""
    failed, good = (counts[int(BUCKETS * WARM_UP) :].sum() for counts in (report.timeline.failed, report.timeline.good))
    return float(failed / max(1, failed + good))


def _ms(seconds: float) -> float:
    return float(np.nan_to_num(seconds)) * 1e3


def intervals(settings: Settings, report: Report) -> dict[str, float]:
    """Return half of the 95 % interval of each figure that has one; none where there is no steady state to estimate."""
    if settings.event != "none" or not (stable(settings) or settings.queue_limit):
        return {}
    found = {
        "mean_ms": report.latency.half_width * 1e3,
        "p50_ms": report.latency_percentile(0.5).half_width * 1e3,
        "p99_ms": report.latency_percentile(0.99).half_width * 1e3,
        "dropped": report.error_rate.half_width,
        "utilisation": report.services[NAME].utilisation.half_width,
    }
    return {name: half for name, half in found.items() if np.isfinite(half)}


def over_time(settings: Settings, report: Report) -> Lines:
    """Return response times, lines of waiting requests and failures over the seconds of the run."""
    timeline, length = report.timeline, report.timeline.bucket_s
    ends = np.arange(1.0, len(timeline.offered) + 1) * length
    known = np.isfinite(timeline.latency_s)
    found = {
        "latency_ms": _points(ends[known], timeline.latency_s[known] * 1e3),
        "dropped_rps": _points(ends, timeline.failed / length),
    }
    first = watch_from(settings)
    seen = (ends > first) & (ends <= last_seen(settings, report) + 1e-9)
    moments = np.asarray(ends[seen], dtype=np.float64)
    lengths = waiting(report.visits, settings.replicas, moments)
    found["queue_fullest"] = _points(moments, lengths.max(axis=0))
    found["queue_mean"] = _points(moments, lengths.mean(axis=0))
    if 0 < settings.slow_servers < settings.servers:
        slow = slice(settings.servers - settings.slow_servers, settings.servers)
        found["queue_slow"] = _points(moments, lengths[slow].mean(axis=0))
    if (bound := bounds(settings)) is not None:
        for name, seconds in zip(("pooled_ms", "random_ms"), bound, strict=True):
            found[name] = [(at, round(seconds * 1e3, 4)) for at in (0.0, settings.duration_s)]
    return found


def by_server(settings: Settings, report: Report) -> Lines:
    """Return for each server the requests sent to it, in fair shares, and its mean line, once the run is warm."""
    visits, begin = report.visits, max(watch_from(settings), WARM_UP * settings.duration_s)
    sent = np.bincount(visits["replica"][visits["came"] >= begin], minlength=settings.replicas)
    lengths = mean_waiting(visits, settings.replicas, begin, last_seen(settings, report))
    places = np.arange(1.0, settings.replicas + 1)
    found = {"load": _points(places, sent / max(sent.mean(), 1e-12)), "line": _points(places, lengths)}
    if settings.event == "none" and (dealt := shares(settings)) is not None:
        found["load_theory"] = _points(places, dealt * settings.servers)
    return found


def last_seen(settings: Settings, report: Report) -> float:
    """Return the second up to which attempts are known."""
    return float(report.visits["came"][-1]) if len(report.visits) == KEPT else settings.duration_s


def _points(xs: np.ndarray, ys: np.ndarray) -> list[Point]:
    return [(round(x, 4), round(y, 4)) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]


def drawn(lines: Mapping[str, list[Point]]) -> Iterator[Mapping[str, Point]]:
    """Yield the points of all lines side by side, so that they are drawn together."""
    for points in zip_longest(*lines.values()):
        yield {name: point for name, point in zip(lines, points, strict=True) if point is not None}
