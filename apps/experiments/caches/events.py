"""What happens to the cache in the middle of a run? Each event is a few things to do at their times."""

from __future__ import annotations

from collections.abc import Callable

from apps.experiments.base import ExperimentError
from apps.experiments.caches.client import Client, Outage
from apps.experiments.caches.conflicts import DOWN_S
from apps.experiments.caches.entry import pack
from apps.experiments.caches.flusher import Flusher
from apps.experiments.caches.journal import Journal
from apps.experiments.caches.losses import Losses, Write, lost, unconfirmed
from apps.experiments.caches.memory import MemoryLimit
from apps.experiments.caches.patterns import LIFE_S
from apps.experiments.caches.settings import Settings
from apps.experiments.clock import Clock
from apps.experiments.lab_redis import LabRedis
from apps.experiments.openloop import OpenLoop

Step = tuple[float, Callable[[OpenLoop, Clock], None]]  # seconds since the start, what happens


class Events:
    """What is to happen in this run, and what did: when, and which writes it cost."""

    def __init__(
        self,
        settings: Settings,
        redis: LabRedis,
        memory: MemoryLimit,
        journal: Journal,
        outage: Outage,
        flusher: Flusher | None,
        hottest: int,
        helper: Client,
    ) -> None:
        self._settings, self._redis, self._memory, self._journal = settings, redis, memory, journal
        self._outage, self._flusher, self._hottest, self._helper = outage, flusher, hottest, helper
        at = settings.event_at_s
        plans: dict[str, list[Step]] = {
            "flush": [(at, self._flush)],
            "redis-down": [(at, self._crash), (at + DOWN_S, self._revive)],
            "hot-key-expires": [(at - LIFE_S, self._store_mortal)],
        }
        self._plan = plans.get(settings.event, [])
        self.happened_at_s: float | None = None
        self.took_s: float | None = None  # what the query for the copy cost that was to end
        self.down = False
        self.losses = Losses()

    def until(self, at: float, loop: OpenLoop, clock: Clock) -> None:
        """Let happen whatever is due before `at`, seconds since the start, each at its time."""
        while self._plan and self._plan[0][0] <= at:
            due, happen = self._plan.pop(0)
            clock.sleep_until(loop.start + due)
            happen(loop, clock)

    def _flush(self, loop: OpenLoop, clock: Clock) -> None:
        before = loop.elapsed()
        self._redis.flush()
        self.happened_at_s = loop.elapsed()
        # What was acknowledged since stands in the new queue.
        self._look(loop, [write for write in self._journal.acknowledged() if loop.ended[write[0]] <= before])

    def _crash(self, loop: OpenLoop, clock: Clock) -> None:
        self._outage.expected = self.down = True
        self._redis.crash()
        self.happened_at_s = loop.elapsed()
        self._look(loop, self._journal.acknowledged())

    def _look(self, loop: OpenLoop, writes: list[Write]) -> None:
        """Look now which writes went with the queue: later ones to the same products would hide what is missing."""
        if self._flusher is None or self.happened_at_s is None:
            return
        suspects = unconfirmed(writes, self._flusher.written)
        stored = self._flusher.versions(product for _, product, _ in suspects)
        batches = [at for began, _ in self._flusher.batches if (at := began - loop.start) <= self.happened_at_s]
        self.losses = Losses(lost(suspects, stored), self.happened_at_s, batches[-1] if batches else None)

    def _revive(self, loop: OpenLoop, clock: Clock) -> None:
        self._redis.revive()
        self._memory.restarted()
        self.down = False

    def _store_mortal(self, loop: OpenLoop, clock: Clock) -> None:
        """Store the hottest product anew, with a life that ends at the event, so that readers may see it coming.

        From then on each copy of it lives as long, so that the event comes again and chance evens out.
        """
        began, at = clock.now(), loop.start + self._settings.event_at_s
        version, text = self._helper.find(self._hottest)
        if self._flusher is not None:
            version = max(version, self._helper.queued(self._hottest))
        now = clock.now()
        self.took_s = now - began
        px = max(1, round((at + self._settings.grace_s - now) * 1e3))
        if self._helper.store(self._hottest, pack(version, at, self.took_s, text), px):
            self.happened_at_s, self._journal.mortal = self._settings.event_at_s, self._hottest


def refuse_if_not_ours(settings: Settings, redis: LabRedis) -> None:
    """Raise ExperimentError if the run is to kill a Redis that is not ours."""
    if settings.event == "redis-down" and redis.pid is None:
        raise ExperimentError(
            "The Redis at LAB_REDIS_URL is not ours to kill. Unset LAB_REDIS_URL, so that the lab starts its own, "
            "or choose another event."
        )
