"""What must a learner know before believing the figures of a replication run?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from apps.experiments.openloop import late_ms
from apps.experiments.replicas import judge
from apps.experiments.replicas.settings import Settings
from apps.experiments.replicas.theory import commit_wait_s

if TYPE_CHECKING:
    from apps.experiments.replicas.outcome import Evidence

SLIP_MS = 5.0
ANSWERED = 0.98
FROZEN_MS = 200.0
Figures = Mapping[str, float | None]


def caveats(settings: Settings, figures: Figures, evidence: Evidence, span: judge.Span) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing."""
    yield from _about_the_load(settings, evidence)
    yield from _about_the_views(settings, figures, evidence)
    if evidence.event.promoted is not None:
        yield from _about_the_crash(settings, evidence)
    if settings.read_rps and figures["stale_read_fraction"] is None:
        yield "No read was answered in time to be judged. More reads, or a longer run, would tell."


def generator_bound(settings: Settings, evidence: Evidence) -> bool:
    """Return whether our own clients, not the servers, set the pace: they were late, or too few."""
    return late_ms(np.concatenate(evidence.slips)) > SLIP_MS or _too_few(settings, evidence)


def _too_few(settings: Settings, evidence: Evidence) -> bool:
    """Return whether commits hold all connections for so long that writes queue for one (Little's law)."""
    wait = commit_wait_s(settings.mode, settings.delays_s, settings.apply_delay_s, settings.copies)
    return settings.write_rps * (wait + evidence.base_s) > evidence.connections


def _about_the_load(settings: Settings, evidence: Evidence) -> Iterator[str]:
    late = late_ms(np.concatenate(evidence.slips))
    if late > SLIP_MS:
        yield (
            f"The load generator was late: one request in a hundred began {late:.1f} ms or more after its time, with a "
            "connection free. The machine was busy, and the latencies are partly its own, not the servers'."
        )
    offered = len(evidence.writes.due)
    acked = int((evidence.writes.acked <= evidence.ended_by).sum())
    if _too_few(settings, evidence):
        yield (
            f"{evidence.connections} connections wrote, and a commit held each for so long that writes waited for a "
            "free one. That wait is part of the commit time: it grows as long as the run goes on."
        )
    elif acked < ANSWERED * offered and settings.event == "none":
        yield f"Of {offered:,} writes only {acked:,} were acknowledged before the run ended."


def _about_the_views(settings: Settings, figures: Figures, evidence: Evidence) -> Iterator[str]:
    seen, beaten = figures["replay_lag_max_ms"], figures["heartbeat_lag_max_ms"]
    if seen is None:
        yield (
            "The server showed no lag at all: its columns are NULL until a standby has reported. That does not mean "
            "that nothing was late; the heartbeats tell."
        )
    elif settings.event == "cut-link" and beaten is not None and beaten > seen + FROZEN_MS:
        yield (
            f"While the link was cut the server's own lag columns stood still: no report came to change them. They "
            f"never showed more than {seen:,.0f} ms; a heartbeat took {beaten:,.0f} ms."
        )
    elif (off := _unexplained_ms(settings, figures)) is not None:
        yield (
            f"The server's view and our heartbeats differ by {off:.0f} ms more than the way back of the report "
            "explains. Trust the heartbeats: they are rows, read where a reader reads."
        )


def _unexplained_ms(settings: Settings, figures: Figures) -> float | None:
    """Return by how much the two medians differ beyond the way back and the wait for a report; None if they agree."""
    view, beats = figures["replay_lag_p50_ms"], figures["heartbeat_lag_p50_ms"]
    if view is None or beats is None:
        return None
    off = abs(view - beats - max(settings.delays_s) * 1e3)
    reporting = 50.0 if settings.apply_delay_ms else 0.0
    return off if off > 10.0 + reporting + 0.1 * beats else None


def _about_the_crash(settings: Settings, evidence: Evidence) -> Iterator[str]:
    untold = judge.unasked(evidence.writes, evidence.present)
    cut_off = int(evidence.writes.cut_off.sum())
    if cut_off:
        yield (
            f"{cut_off} writes were under way when the primary died; their clients never heard how they ended. "
            f"{untold} of all writes are on the new primary though nobody was told: sending one again would double it."
        )
    if settings.replicas > 1:
        yield (
            "After the failover all reads and writes go to the new primary. The other standbys are not attached to it "
            "in this lab, so lags and reads are judged up to the crash."
        )
