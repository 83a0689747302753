"""What is drawn of a quorum run? Staleness over time, over versions and through the run, and the price of answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from apps.experiments.base import Chart, Line, Point
from apps.experiments.quorums.expectation import patient, stale_after
from apps.experiments.quorums.settings import Settings
from apps.simulator.quorums import theory
from apps.simulator.quorums.run import Report, simulate
from apps.simulator.streams import Floats

BINS = 25
READS = 20_000  # for the curve over time, at least, if two minutes hold so many
LONGEST_S = 120.0
BUCKETS = 60
VERSIONS = 10
Curves = Mapping[str, list[Point]]

CHARTS = (
    Chart(
        "Chance of a stale read",
        (
            Line("stale_at", "Simulated"),
            Line("wars_at", "WARS: four messages drawn", role="theory"),
            Line("pbs_at", "Formula: acknowledgements and reads in no time", role="theory"),
        ),
        "%",
        high=1.0,
        x="time since the write was acknowledged (ms)",
    ),
    Chart(
        "Latency by how many must answer",
        (Line("read_by", "Slowest hundredth of reads"), Line("write_by", "Slowest hundredth of writes")),
        "ms",
        x="answers or acknowledgements waited for",
    ),
    Chart(
        "Through the run",
        (
            Line("writes_done", "Writes done"),
            Line("reads_answered", "Reads answered"),
            Line("stale_share", "Stale, of the answered"),
        ),
        "%",
        figures=("stale_fraction", "availability"),
        high=1.0,
    ),
    Chart(
        "Reads that saw one of the last versions",
        (Line("within", "Simulated"), Line("within_theory", "If no copy learns more", role="theory")),
        "%",
        high=1.0,
        shape="step",
        x="how many versions count as fresh enough",
    ),
)


def curves(settings: Settings, report: Report, seed: int) -> Curves:
    """Return all series of a run."""
    return {
        **over_time_since(settings, seed),
        **by_answers(settings, report),
        **through(report, settings.duration_s),
        **by_versions(settings, report),
    }


def over_time_since(settings: Settings, seed: int) -> Curves:
    """Return the chance of a stale read by the time since the write, in ms, of a second run without partition.

    Its reads come at any time up to the span of the chart; clients and messages are those of the first run.
    """
    span_ms = max(5 * settings.write_delay_ms, 1.5 * settings.read_after_ms)
    store = replace(settings.store(), cut=None, read_after_s=(0.0, span_ms / 1e3))
    seconds = min(LONGEST_S, max(settings.duration_s, READS / settings.rate))
    report = simulate(store, seed=seed, seconds=seconds)
    since, stale = report.draws.after[report.counted] * 1e3, report.stale()[report.counted]
    bins = np.minimum((since / span_ms * BINS).astype(int), BINS - 1)
    middles = (np.arange(BINS) + 0.5) * span_ms / BINS
    found = {"stale_at": _points(middles, _means(stale, bins, BINS))}
    if settings.send_to == "all" and settings.repair == "no" and patient(settings):
        edges = np.linspace(0.0, span_ms, BINS + 1)
        found["wars_at"] = _points(edges, theory.monte_carlo(store, edges / 1e3))
        if settings.delay == "exponential":
            found["pbs_at"] = _points(edges, np.array([stale_after(settings, each) for each in edges.tolist()]))
    return found


def by_answers(settings: Settings, report: Report) -> Curves:
    """Return the slowest hundredth of operations that wait for one, two, … of N copies, from the messages drawn."""
    draws, rows = report.draws, report.counted
    ways = {"read_by": draws.read + draws.answer, "write_by": draws.write + draws.ack}
    counts = np.arange(1, settings.n + 1, dtype=float)
    if not len(draws.start[rows]):
        return {name: [] for name in ways}
    return {
        name: _points(counts, np.quantile(np.sort(times[rows], axis=1), 0.99, axis=0) * 1e3)
        for name, times in ways.items()
    }


def through(report: Report, seconds: float) -> Curves:
    """Return what succeeded and what was stale, by the moment at which the write or the read began."""
    moments = (np.arange(BUCKETS) + 0.5) * seconds / BUCKETS

    def shares(at: Floats, values: Floats) -> list[Point]:
        within = at < seconds
        bins = (at[within] / seconds * BUCKETS).astype(int)
        return _points(moments, _means(values[within], bins, BUCKETS))

    return {
        "writes_done": shares(report.draws.start, report.written()),
        "reads_answered": shares(report.record.read_at, report.answered()),
        "stale_share": shares(report.record.read_at, report.stale()),
    }


def by_versions(settings: Settings, report: Report) -> Curves:
    """Return the share of reads that saw one of the last k versions, and what the formula says."""
    ks = range(1, VERSIONS + 1)
    quorum = settings.n, settings.r, settings.w
    found = np.array([report.mean(report.within(k)).value for k in ks])
    known = np.array([theory.within_versions(*quorum, k) for k in ks])
    return {"within": _points(np.array(ks, dtype=float), found), "within_theory": _points(np.array(ks, float), known)}


def _means(values: Floats, bins: np.ndarray, count: int) -> Floats:
    """Return the mean of the known values in each bin; NaN where there is none."""
    known = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        sums = np.bincount(bins[known], weights=values[known], minlength=count)
        return np.asarray(sums / np.bincount(bins[known], minlength=count))


def _points(places: Floats, values: Floats) -> list[Point]:
    """Return points, without those that are not a number."""
    pairs = zip(places.tolist(), values.tolist(), strict=True)
    return [(round(x, 4), round(y, 6)) for x, y in pairs if np.isfinite(y)]
