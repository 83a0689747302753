"""What is there to look at besides numbers? The writes that a crash took, what the outage looked like, a stampede."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from apps.experiments.base import Exhibit
from apps.experiments.caches.bursts import Burst
from apps.experiments.caches.conflicts import DOWN_S
from apps.experiments.caches.journal import MISS, Requests
from apps.experiments.caches.judge import latency_ms, within
from apps.experiments.caches.losses import Losses
from apps.experiments.caches.settings import Settings

SHOWN = 12


def exhibits(
    settings: Settings, requests: Requests, losses: Losses, event_at_s: float | None, bursts: Sequence[Burst]
) -> Iterator[Exhibit]:
    """Yield what this run has to show."""
    if settings.event == "redis-down" and event_at_s is not None:
        yield _outage(requests, event_at_s)
    if losses.numbers:
        yield _lost(requests, losses)
    if bursts and settings.event == "hot-key-expires":
        yield _stampede(bursts)


def _outage(requests: Requests, at: float) -> Exhibit:
    away = (at, at + DOWN_S)
    inside = within(requests.due, away)
    reads = inside & ~requests.writes
    answered = int(np.count_nonzero(requests.answered & inside))
    lines = [
        f"Redis was killed {at:.2f} s into the run and started again, empty, {DOWN_S:g} s later.",
        f"Meanwhile {np.count_nonzero(inside):,} requests came, and {answered:,} were answered.",
    ]
    if reads.any():
        by_database = int(np.count_nonzero(reads & (requests.found == MISS)))
        lines.append(
            f"PostgreSQL answered {by_database:,} of {np.count_nonzero(reads):,} reads, "
            f"half of them within {latency_ms(requests, away, 50):.2g} ms, 99 of 100 within "
            f"{latency_ms(requests, away, 99):.2g} ms."
        )
    lines.append(
        "Redis kept nothing on disk in this run. With an append-only file (AOF) a killed process loses nothing that it "
        "acknowledged, for the kernel still has it; a power cut loses what was not synced yet, with the usual setting "
        "the last second."
    )
    return Exhibit("While the cache was away", "\n".join(lines))


def _lost(requests: Requests, losses: Losses) -> Exhibit:
    crash = losses.crashed_at_s
    since = (
        "There had been no batch yet"
        if losses.flushed_at_s is None
        else (f"The last batch had been taken from the queue {crash - losses.flushed_at_s:.2f} s before the event")
    )
    rows = [
        f"product {requests.products[i]:06d}   acknowledged {crash - requests.ended[i]:.3f} s before the event"
        for i in losses.numbers[:SHOWN]
    ]
    more = len(losses.numbers) - len(rows)
    tail = [f"and {more:,} more"] if more > 0 else []
    return Exhibit(f"{len(losses.numbers):,} lost writes", "\n".join([f"{since}.", *rows, *tail]))


def _stampede(bursts: Sequence[Burst]) -> Exhibit:
    rows = [
        f"{burst.began:7.3f} s   {burst.queries:4,} {'query  ' if burst.queries == 1 else 'queries'}   "
        f"first answer stored after {burst.first_s * 1e3:.1f} ms"
        for burst in bursts[:SHOWN]
    ]
    return Exhibit("Each time the hottest copy ended", "\n".join(rows))
