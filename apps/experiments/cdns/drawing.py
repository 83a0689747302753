"""What is drawn of a content delivery network? Who answers, what reaches the origin over time, and the latencies."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from apps.experiments.base import Chart, Line, Point
from apps.simulator.cdn.record import HIT, NOT_ASKED, STALE
from apps.simulator.cdn.run import Mask, Report
from apps.simulator.streams import Floats

BUCKETS = 120
PERCENTILES = np.concatenate([np.arange(0, 99, 1.0), np.arange(99, 100, 0.1)])
Curves = Mapping[str, list[Point]]

CHARTS = (
    Chart(
        "What reaches the origin",
        (Line("origin_rate", "Fetches from the origin"),),
        "/s",
        figures=("origin_load",),
    ),
    Chart(
        "Hit ratios",
        (Line("edge_hits", "Edges"), Line("shield_hits", "Shield, of what edges ask it")),
        "%",
        figures=("edge_hit_ratio", "shield_hit_ratio"),
        high=1.0,
    ),
    Chart(
        "Who answers",
        (Line("answers", "Share of the requests"),),
        "%",
        high=1.0,
        shape="bars",
        names=("edge, fresh", "edge, stale", "shield", "origin"),
    ),
    Chart(
        "Latency of the slowest",
        (Line("latency_at", "Latency"),),
        "ms",
        shape="step",
        x="per cent of the clients that are faster",
    ),
)


def curves(report: Report) -> Curves:
    """Return all series of a run."""
    return {
        "origin_rate": _points(_moments(report), report.origin_rates(report.seconds / BUCKETS)),
        "edge_hits": over_time(report, report.at_once(), np.ones(len(report.record.edge), dtype=np.bool_)),
        "shield_hits": over_time(report, shield_hits(report), report.record.shield != NOT_ASKED),
        "answers": answers(report),
        "latency_at": latencies(report),
    }


def shield_hits(report: Report) -> Mask:
    """Return which requests the shield answered at once."""
    return np.asarray((report.record.shield == HIT) | (report.record.shield == STALE))


def over_time(report: Report, hit: Mask, of: Mask) -> list[Point]:
    """Return the share of hits by the moment of the request."""
    bins = np.minimum((report.requests.came / report.seconds * BUCKETS).astype(np.int64), BUCKETS - 1)
    with np.errstate(invalid="ignore"):
        above = np.bincount(bins[hit & of], minlength=BUCKETS)
        return _points(_moments(report), above / np.bincount(bins[of], minlength=BUCKETS))


def answers(report: Report) -> list[Point]:
    """Return who answered which share: an edge with a fresh or a stale copy, the shield, or the origin.

    Who waited for somebody else's fetch was answered by whom that fetch came from, told by how long it takes.
    """
    rows = report.counted
    edge, waited = report.record.edge[rows], report.record.latency[rows] - report.cdn.edge_s
    fresh, stale = edge == HIT, edge == STALE
    by_shield = ~fresh & ~stale & report.cdn.shielded & (waited <= report.cdn.shield_s + 1e-9)
    shares = [float(part.mean()) if len(part) else 0.0 for part in (fresh, stale, by_shield)]
    return _points(np.arange(4.0), np.array([*shares, 1 - sum(shares)]))


def latencies(report: Report) -> list[Point]:
    """Return the latency in ms below which so many per cent of the clients are."""
    counted = report.record.latency[report.counted]
    if not len(counted):
        return []
    return _points(PERCENTILES, np.quantile(counted, PERCENTILES / 100) * 1e3)


def _moments(report: Report) -> Floats:
    return (np.arange(BUCKETS) + 0.5) * report.seconds / BUCKETS


def _points(places: Floats, values: Floats) -> list[Point]:
    """Return points, without those that are not a number."""
    pairs = zip(places.tolist(), values.tolist(), strict=True)
    return [(round(x, 4), round(y, 6)) for x, y in pairs if np.isfinite(y)]
