"""How is a caching run carried out? Real reads through a real cache, on a schedule that waits for nobody."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field

import psycopg
import redis.exceptions

from apps.experiments.base import ExperimentError, Outcome, Params, Sample
from apps.experiments.bench import Bench
from apps.experiments.caches import products
from apps.experiments.caches.journal import Journal, Reads
from apps.experiments.caches.judge import live_points
from apps.experiments.caches.memory import MemoryLimit
from apps.experiments.caches.outcome import Evidence, conclude
from apps.experiments.caches.patterns import PATTERNS, SETUP_QUERIES, Client
from apps.experiments.caches.settings import Settings
from apps.experiments.lab_postgres import LabPostgres
from apps.experiments.lab_redis import ANSWER_TIMEOUT_S, LabRedis
from apps.experiments.openloop import OpenLoop, poisson_schedule
from apps.experiments.zipf import Floats, draw, popularity, shuffled_ids

TICK_S = 0.25
DRAIN_S = 1.0  # how long reads that are late may still take after the end
REPORT_PATIENCE_S = 2.0  # a session of PostgreSQL reports its statistics when it has ended

Steps = Generator[Sample, None, None]


def run(params: Params, bench: Bench) -> Generator[Sample, None, Outcome]:
    """Carry out one caching run. Raises ExperimentError if a server is missing, or stops on the way."""
    settings = Settings.of(params)
    if not bench.warm("redis"):
        yield Sample(note="Starting Redis")
    with bench.redis() as cache:
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
    event_at_s: float | None = None  # when it really happened
    loop: OpenLoop | None = None

    def when(self) -> str:
        """Return in words how far the run has come."""
        return f"{self.loop.elapsed():.1f} s into the run" if self.loop else "before the first read"

    def steps(self) -> Generator[Sample, None, Outcome]:
        settings, clock = self.settings, self.bench.clock
        yield from self._prepare()
        queries_before = self.postgres.reads(products.TABLE)
        with ExitStack() as stack:
            clients = [
                stack.enter_context(closing(Client(self.redis, self.postgres, clock))) for _ in range(settings.clients)
            ]
            memory = MemoryLimit(self.redis, settings.capacity, mortal=settings.ttl_s > 0)
            schedule, journal = self._plan()
            ttl_ms = round(settings.ttl_s * 1000) or None
            serves = [PATTERNS[settings.pattern](client, journal, ttl_ms) for client in clients]
            stats_before = self.redis.info("stats")

            def cut() -> None:
                for client in clients:
                    client.cut()

            with OpenLoop(schedule, serves, clock, cut) as loop:
                self.loop = loop
                yield from self._follow(loop, journal, schedule, memory)
            ended_s = loop.elapsed()
            stats_after = self.redis.info("stats")
        reads = journal.so_far(schedule, loop, ended_s)
        queries = self._reported_queries(reads, queries_before)
        evidence = Evidence(reads, loop.slip, self.keys, self.event_at_s, stats_before, stats_after, queries)
        return conclude(settings, evidence)

    def _prepare(self) -> Steps:
        if not products.loaded(self.postgres, self.settings.objects):
            yield Sample(note=f"Loading {self.settings.objects:,} products")
            products.load(self.postgres, self.settings.objects)
        # Ten candidates instead of five: then Redis's LRU is as good as exact.
        self.redis.configure({"maxmemory-policy": self.settings.eviction, "maxmemory-samples": "10"})

    def _plan(self) -> tuple[Floats, Journal]:
        """Return when each read is due, and slots for what happens to it."""
        settings, bench = self.settings, self.bench
        schedule = poisson_schedule(settings.reads_per_s, settings.duration_s, bench.random("arrivals"))
        share = popularity(settings.objects, settings.alpha)
        ids = shuffled_ids(settings.objects, bench.random("ids"))
        return schedule, Journal(ids[draw(share, len(schedule), bench.random("products"))].tolist())

    def _follow(self, loop: OpenLoop, journal: Journal, schedule: Floats, memory: MemoryLimit) -> Steps:
        """Watch the clients four times a second, make the event happen, and wait for the last answers."""
        settings, clock = self.settings, self.bench.clock
        event_at = settings.event_at_s if settings.event == "flush" else None
        ticks = round(settings.duration_s / TICK_S)
        for at in (tick * TICK_S for tick in range(1, ticks + 1)):
            if event_at is not None and event_at <= at:
                clock.sleep_until(loop.start + event_at)
                self.redis.flush()
                self.event_at_s, event_at = loop.elapsed(), None
            clock.sleep_until(loop.start + at)
            loop.check()
            if loop.stuck_s() > ANSWER_TIMEOUT_S:
                raise ExperimentError(f"PostgreSQL gave no answer for {ANSWER_TIMEOUT_S:g} s, {self.when()}.")
            reads = journal.so_far(schedule, loop, at)
            if (keys := memory.follow(reads.refused)) is not None:
                self.keys.append((at, keys))
            yield Sample(points=live_points(reads, at), progress=at / settings.duration_s)
        give_up_at = clock.now() + DRAIN_S
        while not loop.done() and clock.now() < give_up_at:
            clock.sleep(0.01)
        loop.check()

    def _reported_queries(self, reads: Reads, before: int) -> int:
        """Return how many reads of the table PostgreSQL counted, those of the clients' setup left out."""
        clock, asked = self.bench.clock, reads.queries()
        before += SETUP_QUERIES * self.settings.clients
        give_up_at = clock.now() + REPORT_PATIENCE_S
        while (counted := self.postgres.reads(products.TABLE) - before) < asked and clock.now() < give_up_at:
            clock.sleep(0.02)
        return counted


@contextmanager
def telling_which_stopped(when: Callable[[], str]) -> Iterator[None]:
    """Turn a lost connection into an ExperimentError that says which server stopped, and when."""
    try:
        yield
    except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError) as error:
        raise ExperimentError(f"Redis stopped answering {when()}.") from error
    except psycopg.OperationalError as error:
        raise ExperimentError(f"PostgreSQL stopped answering {when()}.") from error
