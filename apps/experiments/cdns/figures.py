"""Which numbers does a run of a content delivery network end with, and how sure are they?"""

from __future__ import annotations

from math import inf, isfinite

from apps.experiments.base import Figure
from apps.simulator.cdn.run import Report
from apps.simulator.statistics import Estimate

PEAK_S = 1.0  # the busiest second

FIGURES = {
    "edge_hit_ratio": Figure("Edge hit ratio", "%", "Share of the requests that an edge answered at once, from a fresh "
                             "copy or a stale one. All figures but the peak leave out the first tenth of the run."),
    "shield_hit_ratio": Figure("Shield hit ratio", "%", "Of what edges asked the shield for, the share that it had."),
    "origin_share": Figure("Left to the origin", "%", "Fetches from the origin for each request of a client, refreshes "
                           "of stale copies included."),
    "origin_load": Figure("Origin load", "/s", "Fetches from the origin per second."),
    "peak_origin_load": Figure("Busiest second of the origin", "/s", "Most fetches in one second of the whole run."),
    "stale_served": Figure("Served stale", "%", "Share of the requests that got a copy whose time to live was over."),
    "p50_ms": Figure("Median latency", "ms", "Half of the clients had their answer sooner."),
    "p99_ms": Figure("Slowest hundredth", "ms", "99 of 100 clients had their answer sooner."),
}  # fmt: skip


def estimates(report: Report) -> dict[str, Estimate]:
    """Return what a run found by figure, with intervals; times in ms. What never happened is left out."""
    found = {
        "edge_hit_ratio": report.edge_hit_ratio(),
        "shield_hit_ratio": report.shield_hit_ratio(),
        "origin_share": report.origin_share(),
        "origin_load": report.origin_load(),
        "peak_origin_load": Estimate(float(report.origin_rates(PEAK_S).max()), inf),
        "stale_served": report.stale_share(),
        "p50_ms": _ms(report.latency_percentile(0.5)),
        "p99_ms": _ms(report.latency_percentile(0.99)),
    }
    return {name: each for name, each in found.items() if isfinite(each.value)}


def _ms(seconds: Estimate) -> Estimate:
    return Estimate(seconds.value * 1e3, seconds.half_width * 1e3)
