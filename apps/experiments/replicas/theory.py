"""What do delay, bandwidth and rates promise for a replicated database? Closed forms, times in seconds.

d: one-way delay of a standby's link. D: recovery_min_apply_delay, which counts from the primary's commit stamp, so
that it runs while the log travels (PostgreSQL documentation, section 19.5.4). A row is visible on a standby max(d, D)
after its commit. An acknowledgement by a standby has travelled both ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import expm1, log

import numpy as np

from apps.experiments.zipf import Floats

EULER = 0.5772


def visible_after_s(delay: float, apply_delay: float) -> float:
    """Return how long after its commit a row is visible on a standby: max(d, D)."""
    return max(delay, apply_delay)


def apply_reported_after_s(delay: float, apply_delay: float) -> float:
    """Return how long after the commit the primary hears that a standby shows the row: max(d, D) + d."""
    return visible_after_s(delay, apply_delay) + delay


def commit_wait_s(mode: str, delays: Sequence[float], apply_delay: float, copies: int) -> float:
    """Return how long a commit waits for standbys.

    Nothing in async mode; a round trip to the first standby for remote-write and sync; until the slowest has reported
    to show it for remote-apply; the round trip of the `copies`-th fastest for a quorum.
    """
    if mode == "async":
        return 0.0
    if mode == "remote-apply":
        return max(apply_reported_after_s(delay, apply_delay) for delay in delays)
    if mode == "quorum":
        return 2 * sorted(delays)[copies - 1]
    return 2 * delays[0]


def stale_share(rate: float, age: float) -> float:
    """Return the chance that a page misses a write if it shows what was acknowledged `age` ago: 1 − e^(−λ·age)."""
    return -expm1(-rate * max(0.0, age))


def goes_back_share(rate: float, visible: Sequence[float], gap: float) -> float:
    """Return the chance that a second look shows less than the first, `gap` later, both at a random standby.

    First on i, then on j: less is shown if a write falls between what i had shown and what j shows, which is
    D_j − D_i − gap long. For two standbys at 0 and D it is ¼(1 − e^(−λ(D − gap))).
    """
    chances = [stale_share(rate, later - first - gap) for first in visible for later in visible]
    return sum(chances) / len(chances)


def primary_share(writes: float, visits: float, lag: float, gap: float) -> float:
    """Return the share of reads that no standby may answer if sessions keep their position in the log.

    A session that wrote, or read at the primary, less than `lag` ago is ahead of every standby; reading at the primary
    then keeps it ahead. So it is ahead for a busy period of an infinite-server queue: begun by a write, prolonged by
    each write for `lag` and by each visit for `lag + gap`; its mean is (e^(λS) − 1)/λ (Takács 1962). In between pass
    1/writes. A second look, `gap` after a first one at a standby, finds a write with 1 − e^(−writes·gap).
    """
    rate = writes + visits
    stay = lag + gap * visits / rate
    ahead = expm1(rate * stay) / rate
    first = ahead / (ahead + 1 / writes)
    second = first + (1 - first) * stale_share(writes, gap)
    return (first + second) / 2


def lost_in_flight(write_rps: float, delays: Sequence[float]) -> float:
    """Return how many acknowledged writes were still on the way to the nearest standby: rate × one-way delay."""
    return write_rps * min(delays)


def longest_gap_s(rate: float, seconds: float) -> float:
    """Return the expected longest gap between Poisson events: (ln(λT) + γ)/λ, for λT of a few at least."""
    return min(seconds, (log(max(rate * seconds, 1.0)) + EULER) / rate)


def narrow_link_lag_s(moments: Floats, bytes_per_s: float, capacity: float, ended_by: float) -> Floats:
    """Return how late what is committed at each moment arrives over a link that carries less than is written.

    Whatever is committed until t has left after t·W/C: the lag grows by W/C − 1 seconds a second. What has not
    arrived by `ended_by` is as old as it is then.
    """
    return np.minimum(moments * max(0.0, bytes_per_s / capacity - 1), ended_by - moments)


def narrow_link_reported_s(moments: Floats, bytes_per_s: float, capacity: float) -> Floats:
    """Return the lag of what arrives at each moment: it was committed at t·C/W, so t·(1 − C/W) ago."""
    return np.asarray(moments * max(0.0, 1 - capacity / bytes_per_s))


def paused_lag_s(moments: Floats, base: float, pause: tuple[float, float] | None) -> Floats:
    """Return how old what a standby shows is at each moment if its replay pauses: `base`, then growing with time."""
    if pause is None:
        return np.full_like(moments, base)
    inside = (moments >= pause[0]) & (moments < pause[1])
    return np.where(inside, base + moments - pause[0], base)


def cut_lag_s(moments: Floats, delay: float, apply_delay: float, cut: tuple[float, float]) -> Floats:
    """Return the same for a link that is cut: what has arrived is still shown when its time comes."""
    inside = (moments >= cut[0]) & (moments < cut[1])
    base = visible_after_s(delay, apply_delay)
    return np.where(inside, np.maximum(base, moments - cut[0] + delay), base)
