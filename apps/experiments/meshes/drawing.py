"""Which lines does a run draw? Answers, latency and threads over time, and calls a request by service."""

from __future__ import annotations

import numpy as np

from apps.experiments.base import Point
from apps.experiments.meshes.expectation import counts, tries_of
from apps.experiments.meshes.settings import Settings
from apps.experiments.meshes.system import first_name, names
from apps.simulator.calls.report import Report


def lines(settings: Settings, report: Report) -> dict[str, list[Point]]:
    """Return points by series."""
    time = report.timeline
    moments = [(bucket + 1) * time.bucket_s for bucket in range(len(time.offered))]
    first = first_name(settings)
    series: dict[str, list[Point]] = {
        name: list(zip(moments, (counted / time.bucket_s).tolist(), strict=True))
        for name, counted in (("offered", time.offered), ("good", time.good), ("failed", time.failed))
    }
    series["latency_ms"] = [
        (at, seconds * 1e3) for at, seconds in zip(moments, time.latency_s.tolist(), strict=True) if seconds == seconds
    ]
    if settings.holds:
        series["threads"] = list(zip(moments, time.busy[first].tolist(), strict=True))
        series["waiting"] = list(zip(moments, time.queue[first].tolist(), strict=True))
    return {**series, **levels(settings, report)}


def first_bucket(settings: Settings, report: Report) -> int:
    """Return the first bucket of the timeline that counts: that of the event, or after the warm-up."""
    return int(np.ceil(settings.from_s / report.timeline.bucket_s - 1e-9))


def levels(settings: Settings, report: Report) -> dict[str, list[Point]]:
    """Return calls per request by the number of the service, from the event on, and those of theory."""
    time, since = report.timeline, first_bucket(settings, report)
    offered = max(1, int(time.offered[since:].sum()))
    found: dict[str, list[Point]] = {
        "calls": [
            (float(number), float(time.attempts[name][since:].sum()) / offered)
            for number, name in enumerate(names(settings), start=1)
        ]
    }
    if counts(settings):
        found["calls_theory"] = [(float(n), each) for n, each in enumerate(tries_of(settings).attempts, start=1)]
    return found
