"""What does a replication run end with? Figures, theory beside them, caveats, and every lost write by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from apps.experiments.base import Outcome
from apps.experiments.replicas import judge
from apps.experiments.replicas.caveats import caveats, generator_bound
from apps.experiments.replicas.events import Event
from apps.experiments.replicas.exhibits import exhibits
from apps.experiments.replicas.expectation import expected_figures
from apps.experiments.replicas.journal import Reads, Writes
from apps.experiments.replicas.settings import Settings
from apps.experiments.replicas.theory import apply_reported_after_s
from apps.experiments.replicas.watch import BYTES, FLUSH, POSITION, REPLAY, TIME, WRITE, Lags
from apps.experiments.zipf import Floats

WARM_UP_S = 0.5
ROUND_TRIPS = 2.0  # how often the slowest report goes round before a run is judged


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that was recorded in a run; times in seconds since the start.

    `present` are the writes on the primary at the end, `base_s` is the median commit without any link delay, `slips`
    how late our clients began, `connections` how many of them wrote.
    """

    writes: Writes
    reads: Reads
    slips: tuple[Floats, Floats]
    lags: Lags
    event: Event
    present: Sequence[int]
    ended_by: float
    base_s: float
    connections: int


def judged_span(settings: Settings) -> judge.Span:
    """Return from when to when (seconds) a run is judged: without its beginning, when the first reports are still on
    their way, and up to a crash, which leaves no standby to judge."""
    end = settings.event_at_s if settings.event == "primary-crash" else settings.duration_s
    slowest = max(apply_reported_after_s(delay, settings.apply_delay_s) for delay in settings.delays_s)
    return min(WARM_UP_S + ROUND_TRIPS * slowest, end / 2), end


def conclude(settings: Settings, evidence: Evidence) -> Outcome:
    """Return the outcome of a run."""
    span = judged_span(settings)
    lost = judge.lost(evidence.writes, evidence.present)
    figures = {
        **_lag_figures(evidence, span),
        **_write_figures(settings, evidence, span),
        **_read_figures(evidence.reads, span),
        "lost_acknowledged_writes": float(len(lost)),
    }
    acked = int(np.isfinite(evidence.writes.acked).sum())
    return Outcome(
        figures={name: value for name, value in figures.items() if value is not None},
        expected=expected_figures(settings, evidence, span, wal_per_s(evidence.lags, span)),
        caveats=tuple(caveats(settings, figures, evidence, span)),
        counted={"acknowledged writes": (acked, acked - len(lost))},
        exhibits=exhibits(evidence.event, evidence.writes, lost),
        generator_bound=generator_bound(settings, evidence),
    )


def furthest_behind(looks: Floats, column: int, span: judge.Span) -> Floats:
    """Return the largest value of a column among the standbys at each look of `span`; NaN if all said NULL."""
    inside = looks[(looks[:, TIME] >= span[0]) & (looks[:, TIME] < span[1])]
    if not len(inside):
        return np.array([])
    starts = np.flatnonzero(np.r_[True, np.diff(inside[:, TIME]) > 0])
    return np.asarray(np.fmax.reduceat(inside[:, column], starts))


def heartbeat_lags_s(evidence: Evidence, span: judge.Span) -> Floats:
    """Return the lag of each heartbeat of `span` on the standby that showed it last."""
    sent = evidence.lags.beats()
    ended_by = min(evidence.ended_by, span[1] + (evidence.ended_by if evidence.event.promoted is None else 0.0))
    each = [
        judge.heartbeat_lags_s(sent, evidence.lags.heard(standby), span, ended_by) for standby in evidence.lags.seen
    ]
    return np.asarray(np.max(each, axis=0))


def wal_per_s(lags: Lags, span: judge.Span) -> float:
    """Return how many bytes of log the primary wrote per second."""
    looks = lags.looks()
    inside = looks[(looks[:, TIME] >= span[0]) & (looks[:, TIME] < span[1])] if len(looks) else looks
    if len(inside) < 2 or inside[-1, TIME] == inside[0, TIME]:
        return 0.0
    return float((inside[-1, POSITION] - inside[0, POSITION]) / (inside[-1, TIME] - inside[0, TIME]))


def _lag_figures(evidence: Evidence, span: judge.Span) -> dict[str, float | None]:
    looks = evidence.lags.looks()
    write, flush, replay, behind = (furthest_behind(looks, column, span) for column in (WRITE, FLUSH, REPLAY, BYTES))
    beats = heartbeat_lags_s(evidence, span)
    in_ms = {
        "write_lag_p50_ms": judge.percentile(write, 50),
        "flush_lag_p50_ms": judge.percentile(flush, 50),
        "replay_lag_p50_ms": judge.percentile(replay, 50),
        "replay_lag_p99_ms": judge.percentile(replay, 99),
        "replay_lag_max_ms": judge.percentile(replay, 100),
        "heartbeat_lag_p50_ms": judge.percentile(beats, 50),
        "heartbeat_lag_p99_ms": judge.percentile(beats, 99),
        "heartbeat_lag_max_ms": judge.percentile(beats, 100),
    }
    figures = {name: None if value is None else value * 1e3 for name, value in in_ms.items()}
    return {**figures, "lag_bytes_max": judge.percentile(behind, 100)}


def _write_figures(settings: Settings, evidence: Evidence, span: judge.Span) -> dict[str, float | None]:
    writes = evidence.writes
    taken = judge.commit_ms(writes, span, evidence.ended_by)
    until = settings.duration_s
    figures = {
        "commit_p50_ms": judge.percentile(taken, 50),
        "commit_p99_ms": judge.percentile(taken, 99),
        "acked_per_s": float((writes.acked <= until).sum()) / until,
    }
    if evidence.event.began_s is not None:
        figures["unavailable_s"] = judge.longest_silence_s(writes, evidence.event.began_s, until)
    return figures


def _read_figures(reads: Reads, span: judge.Span) -> dict[str, float | None]:
    among = judge.answered(reads, span)
    taken = judge.read_ms(reads, span)
    return {
        "stale_read_fraction": judge.share(judge.stale(reads), among),
        "read_your_writes_violations": judge.share(judge.misses_own(reads), among),
        "monotonic_read_violations": judge.share(judge.goes_back(reads), among & judge.second_looks(reads)),
        "primary_read_fraction": judge.share(reads.server == 0, among),
        "read_p50_ms": judge.percentile(taken, 50),
        "read_p99_ms": judge.percentile(taken, 99),
    }
