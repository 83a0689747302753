"""What does a replication run show while it goes on? The points of the last second, four times a second."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from apps.experiments.base import Point
from apps.experiments.replicas import judge
from apps.experiments.replicas.events import Event
from apps.experiments.replicas.journal import Reads, Writes
from apps.experiments.replicas.watch import BYTES, REPLAY, TIME, Watch

WINDOW_S = 1.0


def live_points(writes: Writes, reads: Reads, watch: Watch, event: Event, at: float) -> Mapping[str, Point]:
    """Return the points at `at` seconds by series; a series that has nothing to tell has no point."""
    since = max(0.0, at - WINDOW_S)
    values = {**_of_writes(writes, since, at), **_of_reads(reads, since, at)}
    if event.promoted is None:
        values |= _of_lags(watch, since, at)
    return {name: (round(at, 3), round(value, 4)) for name, value in values.items()}


def _of_writes(writes: Writes, since: float, at: float) -> dict[str, float]:
    recent = (writes.acked > since) & (writes.acked <= at)
    values = {"acked_per_s": float(recent.sum()) / (at - since)}
    if recent.any():
        taken = (writes.acked - writes.due)[recent] * 1e3
        values["commit_p50_ms"], values["commit_p99_ms"] = (float(part) for part in np.percentile(taken, (50, 99)))
    return values


def _of_reads(reads: Reads, since: float, at: float) -> dict[str, float]:
    recent = judge.answered(reads, (since, at))
    if not recent.any():
        return {}
    late = judge.stale(reads)[recent]
    return {"stale_reads_per_s": float(late.sum()) / (at - since), "stale_read_fraction": float(late.mean())}


def _of_lags(watch: Watch, since: float, at: float) -> dict[str, float]:
    """Return how far the standby is behind that is furthest behind, by the server's view and by our heartbeats."""
    values = {"heartbeat_lag_ms": max(watch.behind_s(standby, at) for standby in watch.lags.seen) * 1e3}
    looks = watch.lags.looks()
    if len(looks):
        newest = looks[looks[:, TIME] == looks[-1, TIME]]
        values["lag_bytes"] = float(newest[:, BYTES].max())
        if np.isfinite(newest[:, REPLAY]).any():
            values["replay_lag_ms"] = float(np.nanmax(newest[:, REPLAY])) * 1e3
    return values
