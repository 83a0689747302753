"""What do the events of a replication run add up to? Pure functions from writes, reads and lags to figures."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from apps.experiments.replicas.journal import NOTHING, Reads, Writes
from apps.experiments.zipf import Floats

Span = tuple[float, float]
Marks = NDArray[np.bool_]


def answered(reads: Reads, span: Span) -> Marks:
    """Return which reads began within `span` and were answered."""
    return np.asarray((reads.began >= span[0]) & (reads.began < span[1]) & (reads.server != NOTHING))


def stale(reads: Reads) -> Marks:
    """Return which answers lacked a write that was acknowledged before the read began."""
    return np.asarray((reads.shown < reads.needed).any(axis=1))


def misses_own(reads: Reads) -> Marks:
    """Return which answers lacked the reader's own acknowledged write."""
    return np.asarray(reads.shown[:, 0] < reads.needed[:, 0])


def second_looks(reads: Reads) -> Marks:
    """Return which reads are a second look whose first had been answered before they began."""
    first = reads.first_look
    paired = first != NOTHING
    known = np.where(paired, reads.server[first] != NOTHING, False)
    with np.errstate(invalid="ignore"):
        return np.asarray(known & (reads.ended[first] <= reads.began))


def goes_back(reads: Reads) -> Marks:
    """Return which second looks lacked something that the first had shown."""
    earlier = reads.shown[reads.first_look]
    return second_looks(reads) & (reads.shown < earlier).any(axis=1)


def share(marked: Marks, among: Marks) -> float | None:
    """Return the share of those `among` that are `marked`; None if there are none."""
    return float(marked[among].mean()) if among.any() else None


def commit_ms(writes: Writes, span: Span, ended_by: float) -> Floats:
    """Return how long each write due in `span` took from its intended start to its acknowledgement, in ms.

    One that was never acknowledged counts as taking until `ended_by`: the slowest are not left out.
    """
    due = (writes.due >= span[0]) & (writes.due < span[1])
    acked = np.where(np.isnan(writes.acked), ended_by, writes.acked)
    return np.asarray((acked[due] - writes.due[due]) * 1e3)


def read_ms(reads: Reads, span: Span) -> Floats:
    """Return how long each answered read of `span` took from its intended start, in ms."""
    among = answered(reads, span) & np.isfinite(reads.ended)
    return np.asarray((reads.ended[among] - reads.due[among]) * 1e3)


def longest_silence_s(writes: Writes, since: float, until: float) -> float:
    """Return the longest time from `since` to `until` (seconds) in which no write was acknowledged."""
    acked = np.sort(writes.acked[(writes.acked >= since) & (writes.acked <= until)])
    return float(np.diff(np.concatenate([[since], acked, [until]])).max())


def lost(writes: Writes, present: Collection[int]) -> list[int]:
    """Return the acknowledged writes that are not among those `present` on the server, by number."""
    there = set(present)
    return [int(write) for write in np.flatnonzero(np.isfinite(writes.acked)) if int(write) not in there]


def unasked(writes: Writes, present: Collection[int]) -> int:
    """Return how many writes are present though nobody was told that they were done."""
    return int(np.isnan(writes.acked[np.array(sorted(present), dtype=np.int64)]).sum())


def percentile(values: Floats, percent: float) -> float | None:
    """Return a percentile of those values that are numbers; None if there are none."""
    known = values[np.isfinite(values)]
    return float(np.percentile(known, percent)) if len(known) else None


def heartbeat_lags_s(sent: Floats, lags: Floats, span: Span, ended_by: float) -> Floats:
    """Return the lag of each heartbeat sent in `span`; one not seen by `ended_by` is as old as it was then."""
    inside = (sent >= span[0]) & (sent < span[1])
    return np.asarray(np.where(np.isnan(lags), ended_by - sent, lags)[inside])
