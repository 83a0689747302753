"""What is a system in the middle of a run? Records in arrays, so that a compiled loop can leave off and go on.

One record holds all of one thing, side by side in memory. Attempts and calls have slots, which are used again; a
serial number tells whether a slot still holds who was meant.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.simulator.hashing.stable import Ints
from apps.simulator.statistics import Counts
from apps.simulator.streams import Floats

NOBODY = -1
Records = NDArray[Any]


def _record(**fields: str) -> np.dtype[Any]:
    """Return a record of so many whole numbers and floats, named in one string each."""
    return np.dtype([(name, kind) for kind, names in fields.items() for name in names.split()], align=True)


ATTEMPT = _record(
    i8="request key calling calling_serial serial entered row end_of_work after",
    f8="expires came began since left",
    i4="try_number number replica state stage pending ok",
)
CALLING = _record(
    i8="serial parent parent_serial request key permit timeout hedge after",
    f8="born deadline expires pause",
    i4="link waits tries sent unanswered",
)
REPLICA = _record(
    i8="service number there busy waiting servers room lifo drops holds head tail up open",
    f8="speed own_speed fails weight credit",
)
SERVICE = _record(
    i8="first replicas balancer turn up there first_stage stages first_point points waiting busy",
    f8="queue_area busy_area changed_at",
)
LINK = _record(
    i8="to attempts copies optional has_budget jitter first_pause",
    f8="timeout hedge_after chance fill bucket left base cap",
)
BREAKER = _record(
    i8="there window minimum trials state permit through ended failures first_result results oldest",
    f8="threshold open_s opened_at",
)
IT = _record(
    i8="planned events ring_head ring_count free_attempt free_calling attempts callings entered came ended "
    "short written marked batch bucket deadlines needs_keys requests warm_up most_inside spare stopped changing serial",
    f8="now bucket_s bucket_end batch_end edge since flushed_at latency until watch_from",
)
RING = _record(i8="number what")
TIMER = _record(i8="number before after", f8="time")
ALARM = _record(i8="first last planned")


class World(NamedTuple):
    """A system under way. `it` is one record: the numbers of which there is one each."""

    it: Records
    attempts: Records
    callings: Records
    replicas: Records
    services: Records
    links: Records
    breakers: Records
    stages: Ints  # [stage]: its first link, and the one behind its last
    results: Ints  # of breakers
    pauses: Floats
    hashes: Ints
    points: Ints  # of consistent hashing, and who owns them
    owners: Ints
    at: Floats  # the list of events: time, number, what
    number: Ints
    what: Ints
    ring: Records  # events of this very moment
    timers: Records  # of each call two: when it gives up, and when it hedges
    alarms: Records  # of each link two: its timers in the order of time
    numbers: Floats  # [source]: random numbers at hand
    used: Ints
    limit: Ints  # when to ask for more
    visits: Records
    marks: Records
    edges: Floats
    by_service: Records  # the books, as in `Books`
    by_batch: Records
    by_bucket: Records
    by_service_bucket: Records
    response_bins: Counts
    latency_bins: Counts
    served_by: Counts
