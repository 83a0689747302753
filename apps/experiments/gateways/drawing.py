"""Which lines does a run draw? Where the time goes, the three ways over the number of calls, and rates over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from apps.experiments.base import Point
from apps.experiments.gateways.settings import Settings
from apps.experiments.gateways.system import GATEWAY
from apps.simulator.calls.report import Report
from apps.simulator.streams import Floats

MODES = {"direct": "direct_ms", "aggregate-serial": "serial_ms", "aggregate-parallel": "parallel_ms"}
MOST_CALLS = 20
PARTS = ("Client's way", "Wait for a thread", "Gateway", "Checks", "Services")


def lines(settings: Settings, moments: Floats, report: Report, figures: Mapping[str, float]) -> dict[str, list[Point]]:
    """Return points by series; `moments` are those of all requests, refused ones included."""
    time = report.timeline
    ends = [(bucket + 1) * time.bucket_s for bucket in range(len(time.offered))]
    came, _ = np.histogram(moments, bins=len(ends), range=(0.0, len(ends) * time.bucket_s))
    rates = {"offered": came, "admitted": time.offered, "answered": time.good}
    found: dict[str, list[Point]] = {
        name: list(zip(ends, (counted / time.bucket_s).tolist(), strict=True)) for name, counted in rates.items()
    }
    if GATEWAY in time.busy:
        found["threads"] = list(zip(ends, time.busy[GATEWAY].tolist(), strict=True))
        found["waiting"] = list(zip(ends, time.queue[GATEWAY].tolist(), strict=True))
    if "mean_ms" in figures:
        found["part_ms"] = [(float(place), part) for place, part in enumerate(parts(settings, report, figures))]
        found["here_ms"] = [(float(settings.calls), figures["mean_ms"])]
    for mode, series in MODES.items():
        each = [replace(settings, mode=mode, calls=calls) for calls in range(1, MOST_CALLS + 1)]
        found[series] = [(float(other.calls), other.mean_s * 1e3) for other in each]
    return found


def parts(settings: Settings, report: Report, figures: Mapping[str, float]) -> list[float]:
    """Return where the mean time of a request goes, in ms, in the order of PARTS. The last is what is left."""
    ways = settings.ways_s * 1e3
    wait = report.services[GATEWAY].wait.value * 1e3 if GATEWAY in report.services else 0.0
    own = 0.0 if settings.direct else settings.gateway_ms
    store = settings.inner_rtt_ms if settings.shared else 0.0
    checks = figures.get("auth_calls_share", 0.0) * settings.auth_ms + store
    return [ways, wait, own, checks, max(0.0, figures["mean_ms"] - ways - wait - own - checks)]
