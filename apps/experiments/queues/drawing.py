"""What is drawn of a queueing run? The first waits, the mean so far, and how long the line was, each over time.

A log is the simulator's: customer, station, came, waited, left, in seconds; a measured run is written down alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from apps.experiments.base import Point
from apps.experiments.queues.settings import Settings
from apps.simulator.streams import Floats

FIRST = 300  # requests that are drawn one by one
POINTS = 200

Points = Mapping[str, Point]


def drawn(settings: Settings, log: Floats, arrivals: Floats, prefix: str = "") -> Iterator[Points]:
    """Yield points in ms and requests, by series: first waits by the time of arrival, then means and lines.

    `arrivals` are those of all who came while the log was written, served or not.
    """
    for at, wait in sorted(log[log[:, 2].argsort(kind="stable")][:FIRST, 2:4].tolist()):
        yield {f"{prefix}wait_ms": (round(at, 4), round(wait * 1e3, 4))}
    means = list(mean_so_far(log))
    lines = list(line(log, arrivals, settings.servers))
    for mean, length in zip(means, lines, strict=False):
        yield {f"{prefix}mean_wait_ms": mean, f"{prefix}line": length}


def mean_so_far(log: Floats) -> Iterator[Point]:
    """Yield the mean wait (ms) of all that had left by a time, from the first ones drawn to the end."""
    left, waited = log[:, 4], log[:, 3] * 1e3
    order = left.argsort(kind="stable")
    left, mean = left[order], np.cumsum(waited[order]) / np.arange(1, len(left) + 1)
    for place in np.linspace(min(FIRST, len(left)) - 1, len(left) - 1, POINTS).astype(int).tolist():
        yield round(float(left[place]), 3), round(float(mean[place]), 4)


def line(log: Floats, arrivals: Floats, servers: int) -> Iterator[Point]:
    """Yield how many stood in line at times from 0 to the last arrival in the log: all that are there, less those that
    are served. It holds for every order of service that leaves no server idle while somebody waits."""
    moments = np.linspace(0.0, float(log[:, 2].max()), POINTS)
    inside = np.sort(arrivals).searchsorted(moments, "right") - np.sort(log[:, 4]).searchsorted(moments, "right")
    for at, length in zip(moments.tolist(), np.maximum(0, inside - servers).tolist(), strict=True):
        yield round(at, 3), float(length)


def growth(settings: Settings, until: float) -> Iterator[Points]:
    """Yield the line of an overloaded queue as theory has it, from 0 to the end; nothing for a stable one."""
    if not settings.stable:
        for at in np.linspace(0.0, until, 2).tolist():
            yield {"theory_line": (round(at, 3), round(settings.grows_per_s * at, 3))}
