"""How far behind should the standbys of this very run have been, moment by moment?"""

from __future__ import annotations

from collections.abc import Iterator
from math import log

import numpy as np
from numpy.typing import NDArray

from apps.experiments.base import Expected
from apps.experiments.replicas import theory
from apps.experiments.replicas.events import CUT
from apps.experiments.replicas.judge import Span
from apps.experiments.replicas.settings import Settings
from apps.experiments.replicas.watch import BEAT_S
from apps.experiments.zipf import Floats

MOMENTS = 2_000
TIMING_S = 0.003
LOOKING_S = 0.002  # a standby looks every half millisecond, later if the machine is busy
NEAR_S = 0.02  # a standby whose lag is so near the allowed one is trusted now and then
FULL, IDLE = 1.1, 0.6  # use of a link above which its lag grows, below which it hardly adds any
BYTES_PER_KBIT = 125

Named = Iterator[tuple[str, Expected]]


class Course:
    """How old what each standby shows is at each moment, and how old it looks to a reader who knows what was
    acknowledged."""

    def __init__(self, settings: Settings, moments: Floats) -> None:
        self._settings = settings
        self._waited = theory.commit_wait_s(settings.mode, settings.delays_s, settings.apply_delay_s, settings.copies)
        self.lags = np.array([self._lag(number, moments) for number in range(1, settings.replicas + 1)])

    def _lag(self, standby: int, moments: Floats) -> Floats:
        settings = self._settings
        delay = settings.delays_s[standby - 1]
        if settings.event == "cut-link" and standby == CUT and settings.disturbed:
            began, ended = settings.disturbed
            return theory.cut_lag_s(moments, delay, settings.apply_delay_s, (began, ended + delay))
        pause = settings.disturbed if settings.event == "pause-replay" else None
        return theory.paused_lag_s(moments, theory.visible_after_s(delay, settings.apply_delay_s), pause)

    def allowed(self) -> NDArray[np.bool_] | None:
        """Return which standbys (rows) may answer at which moments; None if that hangs on a few milliseconds."""
        if self._settings.routing != "bounded-staleness":
            return np.ones_like(self.lags, dtype=np.bool_)
        most = self._settings.max_lag_ms / 1e3
        near = np.abs(self.lags - most) < NEAR_S
        return None if near.mean() > 0.1 else np.asarray(self.lags <= most)

    def stale_share(self, rate: float, allowed: NDArray[np.bool_]) -> float:
        """Return the share of pages that miss one of the writes that come at `rate` a second; the primary's do not."""
        ages = np.maximum(0.0, self.lags - self._waited)
        shares = np.where(allowed, -np.expm1(-rate * ages), 0.0)
        return float((shares.sum(axis=0) / np.maximum(1, allowed.sum(axis=0))).mean())


def lag_expectations(settings: Settings, span: Span, wal_per_s: float, ended_by: float, base_s: float) -> Named:
    """Yield theory for the lags: those that the server shows, which include the way back of the report, and those of
    our heartbeats, which do not, but include their commit."""
    if any(settings.kbps):
        yield from _of_narrow_links(settings, span, wal_per_s, ended_by)
        return
    moments = np.linspace(*span, MOMENTS)
    course = Course(settings, moments)
    slowest = max(settings.delays_s)
    slack = TIMING_S * (2 if settings.disturbed else 1) + 0.03 * slowest
    if settings.event != "cut-link":
        for name in ("write_lag_p50_ms", "flush_lag_p50_ms"):
            yield name, Expected(2e3 * slowest, 1e3 * slack, ROUND_TRIP)
        back = np.array(settings.delays_s)[:, None]
        reported = (course.lags + back).max(axis=0)
        early = _oldest_waits_s(settings)
        source = REPORTED_WAITING if early else REPORTED
        yield from _percentiles("replay", reported - early, slack + early, source)
    yield from _percentiles("heartbeat", course.lags.max(axis=0) + base_s, slack + LOOKING_S, SEEN)


def _percentiles(which: str, lags: Floats, slack: float, source: str) -> Named:
    """Yield the median; and, if the lag goes up in an event, also the tail and the most."""
    for name, percent in (("p50", 50.0), ("p99", 99.0), ("max", 100.0)):
        value = float(np.percentile(lags, percent))
        grown = value - float(lags.min())
        if percent == 50 or grown > 0.2:
            tolerance = slack + (0.1 + 0.05 * grown if grown else 0.0)
            yield f"{which}_lag_{name}_ms", Expected(value * 1e3, tolerance * 1e3, source)


ROUND_TRIP = "The log's way there and the report's way back: twice the one-way delay of the slowest link"
REPORTED = "max(one-way delay, apply delay) until the row shows, and the way back of the report"
REPORTED_WAITING = "The age of the oldest commit that the apply delay holds back, and the way back of the report"
SEEN = "A local commit and max(one-way delay, apply delay): a row's age when it shows, with no way back"
GROWS = "Over a link that carries C of the W bytes written a second, the lag grows by W/C − 1 seconds a second"


def _oldest_waits_s(settings: Settings) -> float:
    """Return how long the oldest commit that an apply delay holds back has still to wait, as a median.

    All of the log before that commit is applied and reported at once, so that the server's view is the age of a commit
    that is waiting: D less an exponential time with the rate of all commits, heartbeats included.
    """
    return log(2) / (settings.write_rps + 1 / BEAT_S) if settings.apply_delay_s > min(settings.delays_s) else 0.0


def _of_narrow_links(settings: Settings, span: Span, wal_per_s: float, ended_by: float) -> Named:
    use = {number: wal_per_s / (kbps * BYTES_PER_KBIT) for number, kbps in enumerate(settings.kbps, 1) if kbps}
    fullest = max(use, key=lambda number: use[number])
    if use[fullest] < FULL or settings.mode != "async" or settings.event in ("cut-link", "pause-replay"):
        return
    capacity = wal_per_s / use[fullest]
    moments = np.linspace(*span, MOMENTS)
    late = settings.delays_s[fullest - 1]
    for name, lags in (
        ("heartbeat", theory.narrow_link_lag_s(moments, wal_per_s, capacity, ended_by)),
        ("replay", theory.narrow_link_reported_s(moments, wal_per_s, capacity) + late),
    ):
        for which, value in (("p50", float(np.median(lags)) + late), ("max", float(lags.max()) + late)):
            yield f"{name}_lag_{which}_ms", Expected(value * 1e3, (0.1 + 0.15 * value) * 1e3, GROWS)
