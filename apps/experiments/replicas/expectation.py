"""What does theory say about this very run, and within which tolerance? Nothing where there is no theory."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from apps.experiments.base import Expected
from apps.experiments.replicas import theory
from apps.experiments.replicas.clients import PATIENCE_S
from apps.experiments.replicas.events import CUT
from apps.experiments.replicas.judge import Span
from apps.experiments.replicas.lagtheory import Course, lag_expectations
from apps.experiments.replicas.settings import PEOPLE, RELOAD_S, Settings

if TYPE_CHECKING:
    from apps.experiments.replicas.outcome import Evidence

CONFIDENCE = 1.96  # standard deviations: 95 of 100 runs
MOMENTS = 2_000  # at which what changes over a run is averaged
TIMING_S = 0.003  # how far a wait may be off on a machine that does other things too
SHARE = 0.02  # how far a share may be off apart from chance

Named = Iterator[tuple[str, Expected]]


def expected_figures(settings: Settings, evidence: Evidence, span: Span, wal_per_s: float) -> dict[str, Expected]:
    """Return theory by figure for a run that was judged over `span`."""
    return {
        **dict(_commits(settings, evidence, span)),
        **dict(lag_expectations(settings, span, wal_per_s, evidence.ended_by, evidence.base_s)),
        **dict(_exact_reads(settings)),
        **dict(_chance_reads(settings, evidence, span)),
        **dict(_session_reads(settings, span)),
        **dict(_crash(settings)),
        **dict(_silence(settings, evidence)),
    }


def _commits(settings: Settings, evidence: Evidence, span: Span) -> Named:
    wait = theory.commit_wait_s(settings.mode, settings.delays_s, settings.apply_delay_s, settings.copies)
    base = evidence.base_s
    crowded = settings.write_rps * (wait + base) > 0.8 * evidence.connections
    drains_slowly = settings.stops_writes and evidence.connections < 3 * settings.write_rps * (wait + base)
    if crowded or drains_slowly or (any(settings.kbps) and settings.mode != "async"):
        return
    moments = np.linspace(*span, MOMENTS)
    taken = np.full_like(moments, base + wait)
    if settings.stops_writes and settings.disturbed:
        began, ended = settings.disturbed
        held = (moments + base + wait > began) & (moments < ended)
        taken = np.where(held, ended - moments + wait + base, taken)
    source = SOURCES[settings.mode]
    for name, percent in (("commit_p50_ms", 50), ("commit_p99_ms", 99)):
        if percent == 50 or settings.stops_writes:
            value = float(np.percentile(taken, percent))
            # While writes stand still, the median is a later percentile of the others.
            slack = TIMING_S * (2 if settings.stops_writes else 1) + 0.5 * base + 0.03 * wait
            slack += 0.05 * value + 0.1 if value > 2 * (base + wait) else 0.0
            yield name, Expected(value * 1e3, slack * 1e3, source)


SOURCES = {
    "async": "A local commit, as timed before this run",
    "remote-write": "A local commit as timed before this run, and a round trip to standby 1",
    "sync": "A local commit as timed before this run, and a round trip to standby 1",
    "remote-apply": "A local commit as timed before this run, max(one-way delay, apply delay), and the way back, "
    "of the slowest standby",
    "quorum": "A local commit as timed before this run, and the round trip to the last standby that the majority needs",
}


def _exact_reads(settings: Settings) -> Named:
    """Yield what has to be exactly so."""
    if not settings.read_rps:
        return
    nothing = {
        "primary": (("stale_read_fraction", "read_your_writes_violations", "monotonic_read_violations"), PRIMARY),
        "session-lsn": (("read_your_writes_violations", "monotonic_read_violations"), BY_POSITION),
    }
    names, source = nothing.get(settings.routing, ((), ""))
    for name in names:
        yield name, Expected(0.0, 0.0, source)
    if settings.mode == "remote-apply":
        for name in ("stale_read_fraction", "read_your_writes_violations"):
            yield name, Expected(0.0, 0.0, "Nothing is acknowledged before every standby shows it")
    if settings.routing in ("primary", "any-replica"):
        yield "primary_read_fraction", Expected(float(settings.routing == "primary"), 0.0, "The routing")


PRIMARY = "The primary has every acknowledged write"
BY_POSITION = "No server is asked that is behind what the session wrote or saw"


def _chance_reads(settings: Settings, evidence: Evidence, span: Span) -> Named:
    """Yield the shares that follow from lags and rates, where reads go to any standby or to those fresh enough."""
    if not settings.read_rps or settings.routing not in ("any-replica", "bounded-staleness"):
        return
    if any(settings.kbps) or (settings.event == "cut-link" and settings.mode != "async"):
        return
    course = Course(settings, np.linspace(*span, MOMENTS))
    allowed = course.allowed()
    if allowed is None:
        return
    due = evidence.writes.due
    reads = settings.read_rps * (span[1] - span[0])
    writes = int(((due >= span[0]) & (due < span[1])).sum())  # as many as chance brought, so that it adds no error
    write_rps = writes / (span[1] - span[0])
    if settings.mode != "remote-apply":
        rates = {"stale_read_fraction": 2 / PEOPLE, "read_your_writes_violations": 1 / PEOPLE}
        for name, part in rates.items():
            share = course.stale_share(write_rps * part, allowed)
            slack = _slack(share, min(reads / 2, writes * part * PEOPLE), write_rps * part)
            yield name, Expected(share, slack, STALE)
    if settings.event in ("none", "primary-crash"):
        visible = [
            theory.visible_after_s(delay, settings.apply_delay_s)
            for delay, may in zip(settings.delays_s, allowed[:, 0], strict=True)
            if may
        ]
        share = theory.goes_back_share(2 * write_rps / PEOPLE, visible, RELOAD_S) if visible else 0.0
        # Some ms more or less matter only between a standby and one that is late by more than the gap.
        steps = [later - first > RELOAD_S for first in visible for later in visible]
        slack = _slack(share, reads / 2, 2 * write_rps / PEOPLE * sum(steps) / max(1, len(steps)))
        yield "monotonic_read_violations", Expected(share, slack, GOES_BACK)


STALE = "1 − e^(−λ·age): λ is the rate of writes that the page shows, age how old the standby's data is, less the "
STALE += "time that the commit itself had waited; the mean over standbys and time"
GOES_BACK = "The mean over pairs of standbys of 1 − e^(−λ·(lag of the second − lag of the first − 20 ms))"


def _session_reads(settings: Settings, span: Span) -> Named:
    """Yield how many reads end up at the primary because the session is ahead of every standby."""
    lag = min(theory.visible_after_s(delay, settings.apply_delay_s) for delay in settings.delays_s)
    steady = settings.event in ("none", "primary-crash") and not any(settings.kbps)
    if settings.routing != "session-lsn" or not settings.read_rps or not steady or lag <= max(PATIENCE_S, RELOAD_S):
        return
    writes, visits = settings.write_rps / PEOPLE, settings.read_rps / 2 / PEOPLE
    share = theory.primary_share(writes, visits, lag, RELOAD_S)
    cycles = PEOPLE * (span[1] - span[0]) * writes * (1 - share)
    yield "primary_read_fraction", Expected(share, _slack(share, cycles, writes), AHEAD)


AHEAD = "How long a session stays ahead of the standbys: the busy period of an infinite-server queue (Takács 1962)"


def _slack(share: float, events: float, rate: float) -> float:
    """Return how far a share may be off: by chance, and because a lag is some ms longer than its link's delay."""
    return SHARE + CONFIDENCE * sqrt(share * (1 - share) / max(events, 1.0)) + (1 - share) * rate * TIMING_S


def _crash(settings: Settings) -> Named:
    if settings.event != "primary-crash":
        yield "lost_acknowledged_writes", Expected(0.0, 0.0, "No server was lost")
    elif settings.mode != "async":
        yield "lost_acknowledged_writes", Expected(0.0, 0.0, "A standby has every acknowledged write")
    elif not any(settings.kbps):
        flying = theory.lost_in_flight(settings.write_rps, settings.delays_s)
        slack = CONFIDENCE * sqrt(flying) + 0.05 * flying + 1 + settings.write_rps * TIMING_S
        source = "Writes a second × one-way delay of the nearest standby: what was on the way"
        yield "lost_acknowledged_writes", Expected(flying, slack, source)


def _silence(settings: Settings, evidence: Evidence) -> Named:
    if settings.event in ("none", "primary-crash") or settings.disturbed is None:
        return
    began, ended = settings.disturbed
    if settings.stops_writes:
        away = 2 * settings.delays_s[CUT - 1] if settings.event == "cut-link" else 0.0
        source = "As long as the standby could not confirm"
        yield "unavailable_s", Expected(ended - began + away, 0.1 + 2 / settings.write_rps + 0.05 * away, source)
    elif settings.mode == "async":
        gap = theory.longest_gap_s(settings.write_rps, settings.duration_s - began)
        slack = 2.5 / settings.write_rps + 0.05
        yield "unavailable_s", Expected(gap, slack, "The longest gap between writes that come at random moments")
