"""How do the writes of write-behind reach the database? In batches, one statement each, every so many seconds."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Any

from apps.experiments.caches import products
from apps.experiments.caches.client import LOST, QUEUE, Outage, cut
from apps.experiments.clock import Clock
from apps.experiments.lab_postgres import LabPostgres
from apps.experiments.lab_redis import LabRedis

JOIN_S = 2.0
# What was overwritten meanwhile stays in the queue.
FORGET = """
for n = 1, #ARGV, 2 do
    if redis.call('HGET', KEYS[1], ARGV[n]) == ARGV[n + 1] then redis.call('HDEL', KEYS[1], ARGV[n]) end
end"""


class Flusher:
    """Moves the queue into the database every `every_s`, first after `phase_s`. Used as a context manager."""

    def __init__(
        self, redis: LabRedis, postgres: LabPostgres, clock: Clock, outage: Outage, *, every_s: float, phase_s: float
    ) -> None:
        self._redis, self._postgres, self._clock, self._outage = redis.connect(), postgres.connect(), clock, outage
        for setting in products.ONE_BY_ONE:
            self._postgres.execute(f"SET {setting} = off")
        self._forget = self._redis.register_script(FORGET)
        self._every_s, self._next_s = every_s, phase_s
        self._stopping, self._busy = Event(), Lock()
        self._thread = Thread(target=self._work, daemon=True)
        self.batches: list[tuple[float, int]] = []  # when on the clock, how many products
        self.written: dict[int, int] = {}  # highest version by product that a batch has brought into the database
        self.changes = 0  # rows that were changed
        self.looked_up = 0  # products that were only looked up
        self.failure: Exception | None = None

    def flush(self) -> None:
        """Write all that waits into the database. While the cache is away there is nothing to be had."""
        with self._busy:
            try:
                self._flush()
            except LOST:
                if not self._outage.expected:
                    raise
                with suppress(*LOST):  # the cache may be back: only the old connection is of no use
                    self._flush()

    def _flush(self) -> None:
        queue: Any = self._redis.hgetall(QUEUE)
        if not queue:
            return
        began = self._clock.now()
        ids, versions = [int(name) for name in queue], [int(version) for version in queue.values()]
        self.changes += self._postgres.execute(products.UPDATE_MANY, [ids, versions]).rowcount
        self.batches.append((began, len(ids)))
        self.written.update(zip(ids, versions, strict=True))
        self._forget(keys=[QUEUE], args=[part for pair in queue.items() for part in pair])

    def versions(self, ids: Iterable[int]) -> dict[int, int]:
        """Return what the database has of these products, after a batch that is under way."""
        with self._busy:
            wanted = sorted(set(ids))
            self.looked_up += len(wanted)
            return dict(self._postgres.execute(products.VERSIONS, [wanted]).fetchall())

    def __enter__(self) -> Flusher:
        self._start = self._clock.now()
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stopping.set()
        self._thread.join(JOIN_S)
        if self._thread.is_alive():
            cut(self._postgres)
            self._thread.join(JOIN_S)
        self._redis.close()
        self._postgres.close()

    def _work(self) -> None:
        try:
            while not self._stopping.wait(max(0.0, self._start + self._next_s - self._clock.now())):
                self._next_s += self._every_s
                self.flush()
        except Exception as error:  # noqa: BLE001  (handed to the thread that runs the experiment)
            self.failure = error
