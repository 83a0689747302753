"""How does a client talk to cache and database, and what does it do while the cache is away?"""

from __future__ import annotations

import os
from socket import SHUT_RDWR, socket
from typing import Any

from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import OutOfMemoryError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from apps.experiments.caches import products
from apps.experiments.caches.entry import key
from apps.experiments.clock import Clock
from apps.experiments.lab_postgres import Connection, LabPostgres
from apps.experiments.lab_redis import PREFIX, LabRedis

RETRY_AFTER_S = 0.1  # for so long a client that found the cache away does not try again
QUEUE = f"{PREFIX}unflushed"  # a hash: product -> version that the database does not have yet
LOST = (RedisConnectionError, RedisTimeoutError)

# The queue and the copy change together, and an older version never replaces a newer one.
ENQUEUE = """
local queued = redis.call('HGET', KEYS[2], ARGV[1])
if queued and tonumber(queued) > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
if ARGV[4] == '0' then redis.call('SET', KEYS[1], ARGV[3]) else redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4]) end
return 1"""


class Outage:
    """Whether this run takes the cache away: only then may it be missing."""

    expected = False


def cut(postgres: Connection) -> None:
    """Cut the line under a query that gets no answer: the thread that waits for it fails then.

    Closing a connection of psycopg while another thread waits on it would crash the process.
    """
    with socket(fileno=os.dup(postgres.fileno())) as line:
        line.shutdown(SHUT_RDWR)


class Client:
    """One connection to the cache and one to the database, both used once, so that the first request is not slower."""

    def __init__(
        self, redis: LabRedis, postgres: LabPostgres, clock: Clock, outage: Outage, *, aggregate: bool
    ) -> None:
        self.redis, self.postgres, self.now = redis.connect(), postgres.connect(), clock.now
        self.hits = self.misses = self.changes = 0  # as the servers should count them
        self._outage, self._away_until = outage, 0.0
        self._get, self._set = self.redis.get, self.redis.set
        self._enqueue = self.redis.register_script(ENQUEUE)
        self._cursor = self.postgres.cursor()
        self._find = products.SUM_UP if aggregate else products.FIND
        self.find(0)
        self.update(0, 0)
        self.redis.get(key(0))
        self.setup_queries = 2

    def find(self, product: int) -> tuple[int, bytes]:
        """Return a product's version and text from the database; 0 and nothing if it has none."""
        row = self._cursor.execute(self._find, (product,)).fetchone()
        return (row[0], row[1].encode()) if row else (0, b"")

    def update(self, product: int, version: int) -> None:
        """Write a version into the database, unless it has a newer one."""
        self.changes += self._cursor.execute(products.UPDATE, (version, product, version)).rowcount

    def look_up(self, product: int) -> bytes | None:
        """Return the copy in the cache; None if it has none, or is away."""
        if self._away_until and self.now() < self._away_until:
            return None
        try:
            found: Any = self._get(key(product))
        except LOST as error:
            self._lost(error)
            return None
        if found is None:
            self.misses += 1
        else:
            self.hits += 1
        return found  # type: ignore[no-any-return]

    def store(self, product: int, entry: bytes, px: int | None) -> bool:
        """Put a copy into the cache for `px` milliseconds. Returns False if it was full and refused."""
        if self._away_until and self.now() < self._away_until:
            return True
        try:
            self._set(key(product), entry, px=px)
        except OutOfMemoryError:
            return False
        except LOST as error:
            self._lost(error)
        return True

    def forget(self, product: int) -> None:
        """Delete the copy."""
        if self._away_until and self.now() < self._away_until:
            return
        try:
            self.redis.delete(key(product))
        except LOST as error:
            self._lost(error)

    def enqueue(self, product: int, version: int, entry: bytes, px: int | None) -> bool | None:
        """Put a write into the queue and the cache. Returns False if the cache is full, None if it is away."""
        if self._away_until and self.now() < self._away_until:
            return None
        try:
            self._enqueue(keys=[key(product), QUEUE], args=[product, version, entry, px or 0])
        except LOST as error:
            self._lost(error)
            return None
        except ResponseError as error:
            if "OOM" not in str(error):
                raise
            return False
        return True

    def queued(self, product: int) -> int:
        """Return the version of a product that waits for the database, 0 if none does."""
        if self._away_until and self.now() < self._away_until:
            return 0
        try:
            version: Any = self.redis.hget(QUEUE, str(product))
        except LOST as error:
            self._lost(error)
            return 0
        return int(version or 0)

    def cut(self) -> None:
        """Cut the line to the database."""
        cut(self.postgres)

    def close(self) -> None:
        """Close both connections."""
        self.redis.close()
        self.postgres.close()

    def _lost(self, error: Exception) -> None:
        """Do without the cache for a moment. Raises the error if nobody took it away."""
        if not self._outage.expected:
            raise error
        self._away_until = self.now() + RETRY_AFTER_S
