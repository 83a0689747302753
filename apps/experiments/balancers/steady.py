"""Is a load-balancing run so long that it forgets how it began? Only then do its intervals hold, and theory is told.

A line forgets in some services/(1 - utilisation)^2 (relaxation time of M/M/1), longer if services vary more. In runs
a hundred times as long, nine in ten intervals held the truth, for a mean as for the slowest hundredth; in runs fifteen
times as long, half of them.
"""

from __future__ import annotations

import numpy as np

from apps.experiments.balancers.settings import Settings
from apps.experiments.balancers.shares import shares

LONG = 100
FEW = 5_000  # requests: of fewer a mean is no more than a few lines
FEW_FOR_P99 = 20_000


def steady(settings: Settings) -> bool:
    """Return whether the run is long beside the time in which its busiest line forgets, and many requests come."""
    return settings.requests >= FEW and settings.duration_s >= LONG * memory_s(settings)


def memory_s(settings: Settings) -> float:
    """Return in about how many seconds the busiest line forgets; one with a limit is full or empty again before."""
    speeds, dealt = np.asarray(settings.speeds), shares(settings)
    dealt = speeds / speeds.sum() if dealt is None else dealt
    busy = settings.rate * settings.service_s * dealt / speeds
    services = 1 / np.maximum(1 - busy, 1e-6) ** 2
    if settings.queue_limit:
        services = np.minimum(services, (settings.queue_limit + 1.0) ** 2)
    varied = (1 + settings.law().scv) / 2
    return float((services / speeds).max() * settings.service_s * max(1.0, varied))
