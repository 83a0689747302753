"""Who keeps count in the compiled loop? The steps of `Ledger`; time is passed once, before each event."""

from __future__ import annotations

from math import inf

from apps.simulator.calls.tallies import BUCKETS
from apps.simulator.compiled.counting import batch_of, bin_of
from apps.simulator.compiled.jit import inner, loop


@inner
def gather(w, place):  # type: ignore[no-untyped-def]
    """Add what has passed at a service since anything changed there."""
    service, now = w.services[place], w.it[0].now
    passed = now - service.changed_at
    service.queue_area += service.waiting * passed
    service.busy_area += service.busy * passed
    service.changed_at = now


@inner
def crowd(w, place, waiting, busy):  # type: ignore[no-untyped-def]
    """Note that so many more wait and are served at a service."""
    gather(w, place)
    w.services[place].waiting += waiting
    w.services[place].busy += busy


@inner
def put_down_areas(w, at):  # type: ignore[no-untyped-def]
    """Add the areas gathered up to a moment to the batch and the bucket under way."""
    it = w.it[0]
    for place in range(len(w.services)):
        service = w.services[place]
        passed = at - service.changed_at
        service.queue_area += service.waiting * passed
        service.busy_area += service.busy * passed
        service.changed_at = at
        if it.batch >= 0:
            book = w.by_service[place, it.batch]
            book.queue_area += service.queue_area
            book.busy_area += service.busy_area
            book.server_area += service.there * (at - it.flushed_at)
        w.by_service_bucket[place, it.bucket].busy += service.busy_area
        service.queue_area = 0.0
        service.busy_area = 0.0
    it.flushed_at = at


@inner
def merge_buckets(w):  # type: ignore[no-untyped-def]
    """Make one bucket of two, so that the timeline never grows beyond its room."""
    it, half = w.it[0], BUCKETS // 2
    for bucket in range(BUCKETS):
        into, late = w.by_bucket[bucket], bucket >= half
        even, odd = w.by_bucket[min(2 * bucket, BUCKETS - 2)], w.by_bucket[min(2 * bucket, BUCKETS - 2) + 1]
        into.offered = 0 if late else even.offered + odd.offered
        into.good = 0 if late else even.good + odd.good
        into.failed = 0 if late else even.failed + odd.failed
        into.latency = 0.0 if late else even.latency + odd.latency
        for place in range(len(w.services)):
            row = w.by_service_bucket[place]
            first, second = row[min(2 * bucket, BUCKETS - 2)], row[min(2 * bucket, BUCKETS - 2) + 1]
            row[bucket].attempts = 0 if late else first.attempts + second.attempts
            row[bucket].busy = 0.0 if late else first.busy + second.busy
            if not late:
                row[bucket].queue = second.queue
    it.bucket, it.bucket_s = half, 2 * it.bucket_s


@inner
def cut(w):  # type: ignore[no-untyped-def]
    """Begin a new bucket, a new batch, or both, at the edge that has come."""
    it = w.it[0]
    at = it.edge
    put_down_areas(w, at)
    if at == it.bucket_end:
        for place in range(len(w.services)):
            w.by_service_bucket[place, it.bucket].queue = w.services[place].waiting
        it.bucket += 1
        if it.bucket == BUCKETS:
            merge_buckets(w)
        it.bucket_end = (it.bucket + 1) * it.bucket_s
    if at == it.batch_end:
        if it.batch >= 0:
            w.by_batch[it.batch].seconds += at - it.since
        it.since = at
        it.batch += 1
        it.batch_end = w.edges[it.batch + 1]
    it.edge = min(it.bucket_end, it.batch_end)


@inner
def begin_batch(w, batch):  # type: ignore[no-untyped-def]
    """Begin a batch that is cut by the number of requests."""
    it = w.it[0]
    put_down_areas(w, it.now)
    if it.batch >= 0:
        w.by_batch[it.batch].seconds += it.now - it.since
    it.batch, it.since = batch, it.now


@loop
def close(w):  # type: ignore[no-untyped-def]
    """End the last bucket and the last batch."""
    it = w.it[0]
    while it.now >= it.edge:
        cut(w)
    put_down_areas(w, it.now)
    for place in range(len(w.services)):
        w.by_service_bucket[place, it.bucket].queue = w.services[place].waiting
    if it.batch >= 0:
        w.by_batch[it.batch].seconds += it.now - it.since


@inner
def end(w, born, ok):  # type: ignore[no-untyped-def]
    """Note that a request was answered or failed for good; the next batch may begin."""
    it = w.it[0]
    bucket, latency = w.by_bucket[it.bucket], it.now - born
    if ok:
        bucket.good += 1
        bucket.latency += latency
    else:
        bucket.failed += 1
    if it.batch >= 0:
        batch = w.by_batch[it.batch]
        if ok:
            batch.good += 1
            batch.latency += latency
            w.latency_bins[it.batch, bin_of(latency)] += 1
        else:
            batch.failed += 1
    it.ended += 1
    if it.requests:
        following = batch_of(it.ended, it.warm_up, it.requests)
        if following != it.batch:
            begin_batch(w, following)
        if it.ended == it.requests:
            it.stopped = 1


@inner
def come(w, place, replica, request, number):  # type: ignore[no-untyped-def]
    """Note that an attempt reached a replica; returns its row among the visits, or -1."""
    it = w.it[0]
    w.by_service_bucket[place, it.bucket].attempts += 1
    if it.batch >= 0:
        w.by_service[place, it.batch].attempts += 1
    row = -1
    if it.now >= it.watch_from and it.written < len(w.visits):
        row = it.written
        it.written += 1
        visit = w.visits[row]
        visit.request, visit.service, visit.replica, visit.attempt = request, place, replica, number
        visit.came, visit.began, visit.left, visit.fate = it.now, inf, inf, 0
    return row


@inner
def write(w, row, began, fate):  # type: ignore[no-untyped-def]
    """Write the end of a visit, if it has a row."""
    if row >= 0:
        visit = w.visits[row]
        visit.began, visit.left, visit.fate = began, w.it[0].now, fate


@inner
def serve(w, place, replica, came, began):  # type: ignore[no-untyped-def]
    """Note that an attempt was served."""
    it = w.it[0]
    if it.batch >= 0:
        book = w.by_service[place, it.batch]
        book.waits += began - came
        book.responses += it.now - came
        book.served += 1
        w.served_by[replica] += 1
        w.response_bins[place, it.batch, bin_of(it.now - came)] += 1


@inner
def mark(w, place, what):  # type: ignore[no-untyped-def]
    """Note that something changed."""
    it = w.it[0]
    if it.marked < len(w.marks):
        note = w.marks[it.marked]
        note.at, note.service, note.what = it.now, place, what
        it.marked += 1
