"""What came of it? Requests as their clients saw them, the work of each service, and how both went over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from apps.simulator.statistics import Counts, Estimate, percentile
from apps.simulator.streams import Floats

# A row of `visits`: one attempt at one replica. Times in seconds; `began` is inf if it never was served,
# `left` if it was still there when the run ended. A replica is left when its server is free: with the answer if it
# holds servers, else before what is served calls on.
VISIT = np.dtype(
    [
        ("request", np.int64),  # number of the client's request
        ("service", np.int32),  # by its place in the system
        ("replica", np.int32),
        ("attempt", np.int32),  # 0: the first call, 1…: retries; a hedge counts on
        ("came", np.float64),
        ("began", np.float64),
        ("left", np.float64),
        ("fate", np.int32),  # of FATES
    ]
)
FATES = ("ok", "failed", "refused", "timeout", "late")  # "timeout": dropped expired; "late": done for nobody
# A row of `marks`: what changed. `what` of MARKS.
MARK = np.dtype([("at", np.float64), ("service", np.int32), ("what", np.int32)])
MARKS = ("breaker closed", "breaker open", "breaker half-open", "change")


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """What one service did. Times in seconds; each estimate with its 95 % interval."""

    response: Estimate  # from coming until the server is free again, of attempts that were served
    wait: Estimate
    queue: Estimate  # attempts waiting, mean over time, all replicas together
    utilisation: Estimate
    attempts: int  # attempts that reached a replica, refused ones included; so are all counts below, warm-up left out
    refused: int
    wasted: int  # served to the end although their caller had given up
    response_bins: Counts
    served: tuple[int, ...]  # by replica

    def response_percentile(self, share: float) -> Estimate:
        """Return a percentile of the time at the service in seconds."""
        return percentile(self.response_bins, share)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Counts per `bucket_s` seconds of simulated time, from 0 on, nothing left out. One entry a bucket; by service name
    where it says so."""

    bucket_s: float
    offered: Counts  # requests that came
    good: Counts  # requests answered in time, by the moment of the answer: goodput
    failed: Counts  # requests that failed for good, by the moment
    latency_s: Floats  # mean of the good ones; nan where there are none
    attempts: Mapping[str, Counts]  # that reached a replica of the service
    queue: Mapping[str, Floats]  # waiting at the end of the bucket
    busy: Mapping[str, Floats]  # mean servers busy


@dataclass(frozen=True, slots=True)
class Report:
    """What a system did. `seconds` of simulated time are counted, the warm-up left out (except in the timeline)."""

    latency: Estimate  # of requests that were answered, in seconds
    latency_bins: Counts
    goodput: Estimate  # requests answered per second
    error_rate: Estimate  # share of requests that failed for good
    requests: int
    seconds: float
    services: Mapping[str, ServiceReport]
    calls_per_request: Estimate  # attempts at the entry service per request: the load that retries and hedges add
    timeline: Timeline
    visits: np.ndarray  # of VISIT: the first ones that began after `watch_from`
    marks: np.ndarray  # of MARK

    def latency_percentile(self, share: float) -> Estimate:
        """Return a percentile of the requests' latency in seconds: 0.99 for the slowest hundredth."""
        return percentile(self.latency_bins, share)
