"""Which requests do gateways let through? Each keeps a bucket of tokens of its own, or all draw from one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from apps.experiments.gateways.settings import Settings
from apps.simulator.streams import Floats

BURST_S = 1.0  # a full bucket holds what comes in so long


def arrivals(settings: Settings, random: np.random.Generator) -> Floats:
    """Return when requests come in a run, in seconds: at random, at the rate that is offered."""
    count = settings.offered_rps * settings.duration_s
    gaps = random.standard_exponential(int(count + 8 * count**0.5 + 20)) / settings.offered_rps
    moments = np.cumsum(gaps)
    return moments[moments < settings.duration_s]


def admitted(settings: Settings, moments: Floats) -> NDArray[np.bool_]:
    """Return which requests are let through: the bucket of their gateway has a token. They go to gateways in turn.

    A bucket holds `BURST_S` of the limit, and is full at first (token bucket).
    """
    if not settings.limited:
        return np.ones(len(moments), dtype=np.bool_)
    buckets = 1 if settings.shared else settings.gateways
    most = max(1.0, settings.limit_rps * BURST_S)
    tokens, since = [most] * buckets, [0.0] * buckets
    through = np.zeros(len(moments), dtype=np.bool_)
    for number, now in enumerate(moments.tolist()):
        at = number % buckets
        tokens[at] = min(most, tokens[at] + (now - since[at]) * settings.limit_rps)
        since[at] = now
        if tokens[at] >= 1:
            tokens[at] -= 1
            through[number] = True
    return through
