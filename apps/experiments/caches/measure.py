"""How is a caching run carried out? Real requests through a real cache, on a schedule that waits for nobody."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
import redis.exceptions

from apps.experiments.base import ExperimentError, Outcome, Sample
from apps.experiments.bench import Bench
from apps.experiments.caches import products
from apps.experiments.caches.beside import Beside, lay_beside
from apps.experiments.caches.events import refuse_if_not_ours
from apps.experiments.caches.journal import Requests
from apps.experiments.caches.judge import live_points
from apps.experiments.caches.losses import lost
from apps.experiments.caches.outcome import Evidence, conclude, judged_span
from apps.experiments.caches.rig import Rig, rig
from apps.experiments.caches.settings import Settings
from apps.experiments.lab_postgres import LabPostgres
from apps.experiments.lab_redis import ANSWER_TIMEOUT_S, LabRedis
from apps.experiments.params import Params
from apps.experiments.placement import OURSELVES, pinned

TICK_S = 0.25
DRAIN_S = 1.0  # how long requests that are late may still take after the end
REPORT_PATIENCE_S = 2.0  # a session of PostgreSQL reports its statistics when it has ended

SUM_S = 0.1  # what one of many sums over all orders may add, ten times what it takes alone

Steps = Generator[Sample, None, None]


def run(params: Params, bench: Bench) -> Generator[Sample, None, Outcome]:
    """Carry out one caching run. Raises ExperimentError if a server is missing, or stops on the way."""
    settings = Settings.of(params)
    if not bench.warm("redis"):
        yield Sample(note="Starting Redis")
    with bench.redis() as cache:
        refuse_if_not_ours(settings, cache)
        if not bench.warm("postgres"):
            yield Sample(note="Starting PostgreSQL")
        with bench.postgres() as postgres:
            trial = _Trial(settings, bench, cache, postgres)
            with telling_which_stopped(trial.when):
                return (yield from trial.steps())


@dataclass
class _Trial:
    settings: Settings
    bench: Bench
    redis: LabRedis
    postgres: LabPostgres
    keys: list[tuple[float, int]] = field(default_factory=list)  # (seconds, keys in the full cache)
    rig: Rig | None = None

    def when(self) -> str:
        """Return in words how far the run has come."""
        return f"{self.rig.loop.elapsed():.1f} s into the run" if self.rig else "before the first request"

    def steps(self) -> Generator[Sample, None, Outcome]:
        yield from self._prepare()
        places: dict[str, tuple[int, list[int | None]]] = {
            "client": (0, [OURSELVES]),
            "Redis": (0, [self.redis.pid]),
            "PostgreSQL": (1, [self.postgres.pid]),
        }
        with pinned(places) as placement:
            base = products.newest_version(self.postgres) if self.settings.writes_per_s else 0
            before = self._table()
            with rig(self.settings, self.bench, self.redis, self.postgres, base) as parts:
                stats = self.redis.info("stats")
                with parts.loop as loop:
                    self.rig = parts
                    yield from self._follow(parts)
                ended_s = loop.elapsed()
                if parts.flusher:
                    parts.flusher.flush()  # what still waits is late, not lost
                counted = self._counted_in_redis(parts, stats)
        requests = parts.journal.so_far(parts.schedule, parts.loop, ended_s)
        counted |= self._counted_in_the_table(parts, requests.queries(), *before)
        evidence = self._evidence(parts, requests, counted, placement)
        for points in evidence.beside.points() if evidence.beside else ():
            yield Sample(points=points, progress=1.0)
        return conclude(self.settings, evidence)

    def _prepare(self) -> Steps:
        if not products.loaded(self.postgres, self.settings.objects):
            yield Sample(note=f"Loading {self.settings.objects:,} products")
            products.load(self.postgres, self.settings.objects)
        # Ten candidates instead of five: then Redis's LRU is as good as exact.
        self.redis.configure({"maxmemory-policy": self.settings.policy, "maxmemory-samples": "10"})

    def _follow(self, parts: Rig) -> Steps:
        """Watch the clients four times a second, make the event happen, and wait for the last answers."""
        clock, loop = self.bench.clock, parts.loop
        for at in (tick * TICK_S for tick in range(1, round(self.settings.duration_s / TICK_S) + 1)):
            parts.events.until(at, loop, clock)
            clock.sleep_until(loop.start + at)
            self._check(parts)
            requests = parts.journal.so_far(parts.schedule, loop, at)
            if not parts.events.down and (keys := parts.memory.follow(requests.refused)) is not None:
                self.keys.append((at, keys))
            yield Sample(points=live_points(requests, parts.batches(), at), progress=at / self.settings.duration_s)
        give_up_at = clock.now() + DRAIN_S
        while not loop.done() and clock.now() < give_up_at:
            clock.sleep(0.01)
        self._check(parts)

    def _check(self, parts: Rig) -> None:
        """Raise what a client or the flusher failed with, or say that an answer never came."""
        parts.loop.check()
        if parts.flusher and parts.flusher.failure:
            raise parts.flusher.failure
        if (stuck_s := parts.loop.stuck_s()) > self._patience_s():
            raise ExperimentError(f"PostgreSQL gave no answer for {stuck_s:.0f} s, {self.when()}.")

    def _patience_s(self) -> float:
        """Return how long an answer may take. Sums over all orders go on together, and each waits for all."""
        together = self.settings.clients * SUM_S if self.settings.db_cost == "aggregate" else 0.0
        return ANSWER_TIMEOUT_S + together

    def _evidence(
        self, parts: Rig, requests: Requests, counted: dict[str, tuple[int, int]], placement: str
    ) -> Evidence:
        gone = set(parts.events.losses.numbers)
        if self.settings.writes_per_s:
            gone |= set(lost(parts.journal.acknowledged(), products.versions(self.postgres)))
        return Evidence(
            requests=requests,
            slip=parts.loop.slip,
            keys=self.keys,
            event_at_s=parts.events.happened_at_s,
            batches=parts.batches(),
            losses=parts.events.losses,
            lost=tuple(sorted(gone)),
            hottest=parts.hottest,
            took_s=parts.events.took_s,
            counted=counted,
            placement=placement,
            beside=self._beside(parts, requests),
        )

    def _beside(self, parts: Rig, requests: Requests) -> Beside | None:
        since, until = judged_span(self.settings)
        held = [count for at, count in self.keys if since <= at < until]
        happened = parts.events.happened_at_s
        return lay_beside(self.settings, requests, held, happened, parts.hottest, self.bench.seed)

    def _counted_in_redis(self, parts: Rig, before: dict[str, int]) -> dict[str, tuple[int, int]]:
        """Return hits and misses as the clients and the server counted them.

        A killed server has forgotten them, and where there is a queue, looking into it counts too.
        """
        hits, misses = parts.cache_counts()
        if hits + misses == 0 or self.settings.event == "redis-down" or parts.flusher:
            return {}
        after = self.redis.info("stats")
        return {
            "cache hits": (hits, int(after["keyspace_hits"]) - int(before["keyspace_hits"])),
            "cache misses": (misses, int(after["keyspace_misses"]) - int(before["keyspace_misses"])),
        }

    def _table(self) -> tuple[int, int]:
        return self.postgres.reads(products.TABLE), self.postgres.writes(products.TABLE)

    def _counted_in_the_table(self, parts: Rig, asked: int, scans: int, rows: int) -> dict[str, tuple[int, int]]:
        """Return look-ups and row changes as we and PostgreSQL counted them, those of the clients' setup left out.

        A batch of write-behind is one statement, but looks up each of its products.
        """
        clock, flusher = self.bench.clock, parts.flusher
        asked += sum(size for _, size in flusher.batches) + flusher.looked_up if flusher else 0
        scans += parts.setup_queries() + (parts.events.took_s is not None)
        give_up_at = clock.now() + REPORT_PATIENCE_S
        while (counted := self._table()[0] - scans) < asked and clock.now() < give_up_at:
            clock.sleep(0.02)
        changes = sum(client.changes for client in parts.clients) + (flusher.changes if flusher else 0)
        by_server = {"database queries": (asked, counted)}
        return by_server | ({"rows changed": (changes, self._table()[1] - rows)} if changes else {})


@contextmanager
def telling_which_stopped(when: Callable[[], str]) -> Iterator[None]:
    """Turn a lost connection into an ExperimentError that says which server stopped, and when."""
    try:
        yield
    except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError) as error:
        raise ExperimentError(f"Redis stopped answering {when()}.") from error
    except psycopg.OperationalError as error:
        raise ExperimentError(f"PostgreSQL stopped answering {when()}.") from error
