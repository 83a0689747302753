"""What do the labs' servers cost? A limiter's decision beside a plain GET; a primary with standbys beside one alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from statistics import median

from apps.experiments.limiters.algorithms import Policy
from apps.experiments.limiters.scripts import BODIES, forgets_after_ms, script
from apps.experiments.limiters.stores import Atomic
from apps.experiments.placement import pinned
from apps.testbed.postgres import postgres_server
from apps.testbed.redis import redis_server
from apps.testbed.standby import replica_set
from bench.report import Row, against

CALLS, ROUNDS, STARTS = 20_000, 7, 5
POLICY = Policy(limit=100, window=1_000_000, burst=100)
KEY = "plain"


def run() -> list[Row]:
    """Return limiter decisions/s of one connection on the server's core, and times in s of sets of servers."""
    return [*_limiters(), *_sets()]


def _limiters() -> Iterator[Row]:
    with (
        redis_server() as server,
        server.connect(single_connection_client=True) as client,
        pinned({"client": (0, [0]), "Redis": (0, [server.process.pid])}),
    ):
        for algorithm in BODIES:
            client.flushdb()  # each remembers something else under the same name
            client.set(KEY, "x" * 16)
            text = script(algorithm, POLICY, forgets_after_ms(POLICY))
            decide = Atomic(client, text, epoch=lambda: 0)
            decisions, gets = _interleaved(lambda i, decide=decide: decide(i), lambda i: client.get(KEY))
            yield against(f"limiter, {algorithm} (ref: GET)", decisions, "/s", gets)


def _interleaved(*calls: Callable[[int], object]) -> list[float]:
    """Return the median rate of each call over rounds in turn."""
    rounds = [[_rate(call) for call in calls] for _ in range(ROUNDS)]
    return [median(side) for side in zip(*rounds, strict=True)]


def _rate(call: Callable[[int], object]) -> float:
    started = time.perf_counter()
    for i in range(CALLS):
        call(i)
    return CALLS / (time.perf_counter() - started)


def _sets() -> Iterator[Row]:
    alone = median(_start_s(postgres_server) for _ in range(STARTS))
    for standbys in (2, 3):
        started = median(_start_s(lambda standbys=standbys: replica_set(standbys)) for _ in range(STARTS))
        yield against(f"primary and {standbys} standbys, start (ref: one alone)", started, "s", alone)
    with replica_set(2) as servers:
        rebuilt = median(_seconds(servers.rebuild) for _ in range(STARTS))
    yield against("primary and 2 standbys, anew (ref: one alone)", rebuilt, "s", alone)


def _start_s(start: Callable[[], AbstractContextManager[object]]) -> float:
    """Return how long the servers take until they can be used; stopping them is not counted."""
    began = time.perf_counter()
    with start():
        return time.perf_counter() - began


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
