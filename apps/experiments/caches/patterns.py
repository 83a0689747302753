"""How does a reader use cache and database? One function a pattern; each carries out one read and notes it."""

from __future__ import annotations

import os
from collections.abc import Callable
from socket import SHUT_RDWR, socket

from redis.exceptions import OutOfMemoryError

from apps.experiments.caches.journal import HIT, MISS, Journal
from apps.experiments.caches.products import FIND, key
from apps.experiments.clock import Clock
from apps.experiments.lab_postgres import LabPostgres
from apps.experiments.lab_redis import LabRedis
from apps.experiments.openloop import Serve

SETUP_QUERIES = 1  # each client asks the database once before the run


class Client:
    """One connection to the cache and one to the database, both used once, so that the first read is not slower."""

    def __init__(self, redis: LabRedis, postgres: LabPostgres, clock: Clock) -> None:
        self.redis, self.postgres, self.now = redis.connect(), postgres.connect(), clock.now
        self._cursor = self.postgres.cursor()
        self.find(0)
        self.redis.get(key(0))

    def find(self, product: int) -> str:
        """Return a product's text from the database, "" if it has none."""
        row = self._cursor.execute(FIND, (product,)).fetchone()
        return str(row[0]) if row else ""

    def cut(self) -> None:
        """Cut the line to the database under a query that gets no answer: the client that waits for it fails then.

        Closing a connection of psycopg while another thread waits on it would crash the process.
        """
        with socket(fileno=os.dup(self.postgres.fileno())) as line:
            line.shutdown(SHUT_RDWR)

    def close(self) -> None:
        """Close both connections."""
        self.redis.close()
        self.postgres.close()


def none(client: Client, journal: Journal, ttl_ms: int | None) -> Serve:
    """Ask the database each time."""

    def serve(i: int) -> None:
        journal.found[i] = MISS
        journal.asked_at[i] = client.now()
        client.find(journal.objects[i])

    return serve


def cache_aside(client: Client, journal: Journal, ttl_ms: int | None) -> Serve:
    """Look into the cache; on a miss ask the database and store the answer."""
    get, put = client.redis.get, client.redis.set

    def serve(i: int) -> None:
        name = key(journal.objects[i])
        if get(name) is not None:
            journal.found[i] = HIT
            return
        journal.found[i] = MISS
        journal.asked_at[i] = client.now()
        text = client.find(journal.objects[i])
        try:
            put(name, text, px=ttl_ms)
        except OutOfMemoryError:  # full, and not allowed or not able to evict: the read itself has its answer
            journal.refused[i] = 1

    return serve


PATTERNS: dict[str, Callable[[Client, Journal, int | None], Serve]] = {
    "none": none,
    "cache-aside": cache_aside,
}
