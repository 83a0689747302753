"""Who keeps count while a system runs? One ledger, written by the story step by step."""

from __future__ import annotations

from math import inf

import numpy as np

from apps.simulator.calls.report import VISIT
from apps.simulator.calls.tallies import BUCKETS, MARKS_KEPT, Span, Tallies
from apps.simulator.statistics import batch_of, bin_of


class Ledger:
    """Tallies, cut into batches and into buckets of time; the first visits; what changed when.

    Areas (waiting or busy, times seconds) are gathered between two cuts and put down at a cut.
    """

    def __init__(
        self, tallies: Tallies, servers: list[int], span: Span, bucket_s: float, visits: int, watch_from: float
    ) -> None:
        self.tallies, self.span, self.there, self.watch_from = tallies, span, servers, watch_from
        self.visits, self.written = np.zeros(visits, dtype=VISIT), 0
        self.marks: list[tuple[float, int, int]] = []
        services = len(servers)
        self.waiting, self.busy = [0] * services, [0] * services
        self.queue_area, self.busy_area, self.changed_at = [0.0] * services, [0.0] * services, [0.0] * services
        self.since = self.flushed_at = 0.0
        self.ended = self.bucket = 0
        self.bucket_s = bucket_s
        self.batch = batch_of(0, span.warm_up, span.requests) if span.requests else -1
        self.bucket_end, self.batch_end = bucket_s, float(span.edges[0])
        self.edge = min(self.bucket_end, self.batch_end)

    def pass_time(self, now: float) -> None:
        """Cut batches and buckets that have ended by now. Every note begins with it."""
        while now >= self.edge:
            self.cut(self.edge)

    def cut(self, at: float) -> None:
        """Begin a new bucket, a new batch, or both."""
        self.put_down_areas(at)
        if at == self.bucket_end:
            self.tallies.t_queue[:, self.bucket] = self.waiting
            self.bucket += 1
            if self.bucket == BUCKETS:
                self.merge_buckets()
            self.bucket_end = (self.bucket + 1) * self.bucket_s
        if at == self.batch_end:
            if self.batch >= 0:
                self.tallies.seconds[self.batch] += at - self.since
            self.since = at
            self.batch += 1
            self.batch_end = float(self.span.edges[self.batch + 1])
        self.edge = min(self.bucket_end, self.batch_end)

    def merge_buckets(self) -> None:
        """Make one bucket of two, so that the timeline never grows beyond its room."""
        tallies, half = self.tallies, BUCKETS // 2
        for counted in (tallies.t_offered, tallies.t_good, tallies.t_failed, tallies.t_latency,
                        tallies.t_attempts, tallies.t_busy):  # fmt: skip
            counted[..., :half] = counted[..., 0::2] + counted[..., 1::2]
            counted[..., half:] = 0
        tallies.t_queue[:, :half] = tallies.t_queue[:, 1::2]
        self.bucket, self.bucket_s = half, 2 * self.bucket_s

    def put_down_areas(self, at: float) -> None:
        """Add the areas gathered up to now to the batch and the bucket under way."""
        tallies = self.tallies
        for service in range(len(self.waiting)):
            self.gather(service, at)
            if self.batch >= 0:
                tallies.queue_area[service, self.batch] += self.queue_area[service]
                tallies.busy_area[service, self.batch] += self.busy_area[service]
                tallies.server_area[service, self.batch] += self.there[service] * (at - self.flushed_at)
            tallies.t_busy[service, self.bucket] += self.busy_area[service]
            self.queue_area[service] = self.busy_area[service] = 0.0
        self.flushed_at = at

    def gather(self, service: int, now: float) -> None:
        """Add what has passed at a service since anything changed there."""
        passed = now - self.changed_at[service]
        self.queue_area[service] += self.waiting[service] * passed
        self.busy_area[service] += self.busy[service] * passed
        self.changed_at[service] = now

    def crowd(self, service: int, now: float, waiting: int, busy: int) -> None:
        """Note that so many more wait and are served at a service."""
        self.pass_time(now)
        self.gather(service, now)
        self.waiting[service] += waiting
        self.busy[service] += busy

    def servers(self, service: int, now: float, more: int) -> None:
        """Note that a service has so many more servers."""
        self.pass_time(now)
        self.put_down_areas(now)
        self.there[service] += more

    def offered(self, now: float) -> None:
        """Note that a client's request came."""
        self.pass_time(now)
        self.tallies.t_offered[self.bucket] += 1

    def end(self, now: float, born: float, ok: bool) -> None:
        """Note that a request was answered or failed for good; the next batch may begin."""
        self.pass_time(now)
        tallies, bucket, latency = self.tallies, self.bucket, now - born
        (tallies.t_good if ok else tallies.t_failed)[bucket] += 1
        if ok:
            tallies.t_latency[bucket] += latency
        if self.batch >= 0:
            (tallies.good if ok else tallies.failed)[self.batch] += 1
            if ok:
                tallies.latency[self.batch] += latency
                tallies.latency_bins[self.batch, bin_of(latency)] += 1
        self.ended += 1
        if self.span.requests:
            self.begin_batch(now, batch_of(self.ended, self.span.warm_up, self.span.requests))

    def begin_batch(self, now: float, batch: int) -> None:
        """Begin a batch that is cut by the number of requests, if it is not the one under way."""
        if batch != self.batch:
            self.put_down_areas(now)
            if self.batch >= 0:
                self.tallies.seconds[self.batch] += now - self.since
            self.batch, self.since = batch, now

    def come(self, service: int, replica: int, request: int, attempt: int, now: float) -> int:
        """Note that an attempt reached a replica; returns its row among the visits, or -1."""
        self.pass_time(now)
        self.tallies.t_attempts[service, self.bucket] += 1
        if self.batch >= 0:
            self.tallies.attempts[service, self.batch] += 1
        if now < self.watch_from or self.written == len(self.visits):
            return -1
        self.visits[self.written] = (request, service, replica, attempt, now, inf, inf, 0)
        self.written += 1
        return self.written - 1

    def serve(self, service: int, replica: int, came: float, began: float, now: float) -> None:
        """Note that an attempt was served; `replica` counts through all services."""
        if self.batch >= 0:
            tallies, where = self.tallies, (service, self.batch)
            tallies.waits[where] += began - came
            tallies.responses[where] += now - came
            tallies.served[where] += 1
            tallies.served_by[replica] += 1
            tallies.response_bins[(*where, bin_of(now - came))] += 1

    def refuse(self, service: int) -> None:
        """Note that an attempt was refused, just after it came."""
        if self.batch >= 0:
            self.tallies.refused[service, self.batch] += 1

    def waste(self, service: int) -> None:
        """Note that an attempt was served for nobody."""
        if self.batch >= 0:
            self.tallies.wasted[service, self.batch] += 1

    def write(self, row: int, began: float, left: float, fate: int) -> None:
        """Write the end of a visit, if it has a row."""
        if row >= 0:
            visit = self.visits[row]
            visit["began"], visit["left"], visit["fate"] = began, left, fate

    def mark(self, now: float, service: int, what: int) -> None:
        """Note that something changed."""
        if len(self.marks) < MARKS_KEPT:
            self.marks.append((now, service, what))

    def close(self, now: float) -> None:
        """End the last bucket and the last batch."""
        self.pass_time(now)
        self.put_down_areas(now)
        self.tallies.t_queue[:, self.bucket] = self.waiting
        if self.batch >= 0:
            self.tallies.seconds[self.batch] += now - self.since
