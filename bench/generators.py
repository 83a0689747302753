"""Is our load generator fast enough to measure servers with? Its rates, as shares of what raw loops reach.

Everything stands on one core, server and client alike: across two cores a round trip takes three times as long, or
not, by luck. Rounds of both sides are interleaved; the medians are told.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from apps.experiments.clock import RealClock
from apps.experiments.openloop import OpenLoop, Serve
from apps.testbed.postgres import postgres_server
from apps.testbed.redis import redis_server
from bench.raw import pgbench_rate, redis_cli_rate
from bench.report import Row, against

REQUESTS, OBJECTS, ROUNDS = 20_000, 2_000, 5
KEY = "product:1"
SERIES = f"generate_series(1, {OBJECTS})"
STATEMENT = "SELECT body FROM product WHERE id = {}"


def run() -> list[Row]:
    """Return rates in requests/s of one connection, beside those of redis-cli and pgbench."""
    return [*_redis_rows(), *_postgres_rows()]


def generator_rate(serve: Serve) -> float:
    """Return the requests a second that one client of the open loop carries out when all are due at once."""
    clock = RealClock()
    with OpenLoop(np.zeros(REQUESTS), [serve], clock) as loop:
        while not loop.done():
            clock.sleep(0.01)
        loop.check()
    return REQUESTS / float(loop.ended.max())


def interleaved(*sides: Callable[[], float]) -> list[float]:
    """Return the median of each side over five rounds in turn."""
    rounds = [[side() for side in sides] for _ in range(ROUNDS)]
    return [median(side) for side in zip(*rounds, strict=True)]


def _redis_rows() -> list[Row]:
    with redis_server() as server, server.connect(single_connection_client=True) as client:
        client.set(KEY, "x" * 1000)
        ours, raw = interleaved(lambda: generator_rate(lambda i: client.get(KEY)), lambda: redis_cli_rate(server, KEY))
    return [against("open loop, GET (ref: redis-cli)", ours, "/s", raw)]


def _postgres_rows() -> list[Row]:
    with postgres_server() as server, tempfile.TemporaryDirectory() as directory, server.connect() as connection:
        connection.prepare_threshold = 0
        connection.execute(f"CREATE TABLE product AS SELECT id, repeat('x', 1000) AS body FROM {SERIES} AS id")
        connection.execute("ALTER TABLE product ADD PRIMARY KEY (id)")
        cursor, script = connection.cursor(), Path(directory) / "read.sql"

        def find(i: int) -> None:
            cursor.execute(STATEMENT.format("%s"), (i % OBJECTS + 1,)).fetchone()

        ours, raw = interleaved(
            lambda: generator_rate(find),
            lambda: pgbench_rate(server, STATEMENT.format(":id"), OBJECTS, script),
        )
    return [against("open loop, prepared SELECT (ref: pgbench)", ours, "/s", raw)]
