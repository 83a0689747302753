"""What does a run add up to? The report of a system, made from its tallies."""

from __future__ import annotations

import numpy as np

from apps.simulator.calls.layout import Layout
from apps.simulator.calls.report import Report, ServiceReport, Timeline
from apps.simulator.calls.tallies import Tallies
from apps.simulator.statistics import ratio, ratio_estimate

LEAST_BUCKET = 1e-6  # share of a bucket: what is shorter is rounding


def report_of(
    layout: Layout,
    tallies: Tallies,
    *,
    ended_at: float,
    bucket_s: float,
    visits: np.ndarray,
    marks: np.ndarray,
) -> Report:
    """Return the report of a run that ended at a moment (seconds) and had buckets of `bucket_s` at the end."""
    ended = tallies.good + tallies.failed
    return Report(
        latency=ratio_estimate(tallies.latency, tallies.good),
        latency_bins=tallies.latency_bins,
        goodput=ratio_estimate(tallies.good, tallies.seconds),
        error_rate=ratio_estimate(tallies.failed, ended),
        requests=int(ended.sum()),
        seconds=float(tallies.seconds.sum()),
        services={name: _service(layout, tallies, place) for place, name in enumerate(layout.names)},
        calls_per_request=ratio_estimate(tallies.attempts[layout.entry.to], ended),
        timeline=_timeline(layout, tallies, ended_at, bucket_s),
        visits=visits,
        marks=marks,
    )


def _service(layout: Layout, tallies: Tallies, place: int) -> ServiceReport:
    served, seconds = tallies.served[place], tallies.seconds
    first, behind = layout.first_replica[place], layout.first_replica[place + 1]
    return ServiceReport(
        response=ratio_estimate(tallies.responses[place], served),
        wait=ratio_estimate(tallies.waits[place], served),
        queue=ratio_estimate(tallies.queue_area[place], seconds),
        utilisation=ratio_estimate(tallies.busy_area[place], tallies.server_area[place]),
        attempts=int(tallies.attempts[place].sum()),
        refused=int(tallies.refused[place].sum()),
        wasted=int(tallies.wasted[place].sum()),
        response_bins=tallies.response_bins[place],
        served=tuple(tallies.served_by[first:behind].tolist()),
    )


def _timeline(layout: Layout, tallies: Tallies, ended_at: float, bucket_s: float) -> Timeline:
    whole = int(ended_at / bucket_s + LEAST_BUCKET)
    rest = ended_at - whole * bucket_s
    buckets = whole + (rest > LEAST_BUCKET * bucket_s)
    lengths = np.full(buckets, bucket_s)
    if buckets > whole:
        lengths[-1] = rest
    return Timeline(
        bucket_s=bucket_s,
        offered=tallies.t_offered[:buckets],
        good=tallies.t_good[:buckets],
        failed=tallies.t_failed[:buckets],
        latency_s=ratio(tallies.t_latency[:buckets], tallies.t_good[:buckets]),
        attempts={name: tallies.t_attempts[place, :buckets] for place, name in enumerate(layout.names)},
        queue={name: tallies.t_queue[place, :buckets] for place, name in enumerate(layout.names)},
        busy={name: tallies.t_busy[place, :buckets] / lengths for place, name in enumerate(layout.names)},
    )
