"""What takes part in a caching run? Clients, a schedule, a memory limit, a flusher: built for one run, then closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from random import Random

import psycopg

from apps.experiments.base import ExperimentError
from apps.experiments.bench import Bench
from apps.experiments.caches.client import QUEUE, Client, Outage
from apps.experiments.caches.events import Events
from apps.experiments.caches.flusher import Flusher
from apps.experiments.caches.journal import Journal
from apps.experiments.caches.memory import MemoryLimit
from apps.experiments.caches.patterns import server
from apps.experiments.caches.settings import Settings
from apps.experiments.caches.stampede import Flights
from apps.experiments.lab_postgres import LabPostgres
from apps.experiments.lab_redis import LabRedis
from apps.experiments.openloop import OpenLoop, poisson_schedule
from apps.experiments.zipf import Floats, draw, popularity, shuffled_ids


@dataclass
class Rig:
    """What takes part in one run. `hottest` is the id of the product that is asked for most."""

    clients: list[Client]
    schedule: Floats
    journal: Journal
    memory: MemoryLimit
    events: Events
    flusher: Flusher | None
    hottest: int
    loop: OpenLoop

    def cache_counts(self) -> tuple[int, int]:
        """Return how many hits and misses the clients saw."""
        return sum(client.hits for client in self.clients), sum(client.misses for client in self.clients)

    def setup_queries(self) -> int:
        """Return how often the clients asked the database before the run."""
        return sum(client.setup_queries for client in self.clients)

    def batches(self) -> list[tuple[float, int]]:
        """Return when each batch of write-behind was taken from the queue, in seconds since the start, and its size."""
        return [(began - self.loop.start, size) for began, size in self.flusher.batches] if self.flusher else []


@contextmanager
def rig(settings: Settings, bench: Bench, redis: LabRedis, postgres: LabPostgres, base: int) -> Iterator[Rig]:
    """Build what one run needs; nothing has been asked yet. Its writes
    have versions above `base`. Raises ExperimentError if the clients do not fit."""
    outage = Outage()
    with ExitStack() as stack:
        everybody = _clients(settings, redis, postgres, bench, outage, stack)
        *clients, helper = everybody
        queue = settings.pattern == "write-behind"
        memory = MemoryLimit(
            redis,
            settings.capacity,
            limited=settings.capacity < settings.objects,
            mortal=settings.redis_ttl_s > 0,
            others=lambda: int(redis.control.exists(QUEUE)) if queue else 0,
        )
        flusher = stack.enter_context(_flusher(settings, bench, redis, postgres, outage)) if queue else None
        schedule, journal, hottest = _plan(settings, bench, base)
        flights = Flights()
        seeds = bench.random("clients").integers(2**62, size=len(clients)).tolist()
        serves = [
            server(client, journal, settings, flights, Random(seed))  # noqa: S311  (chance, not a secret)
            for client, seed in zip(clients, seeds, strict=True)
        ]

        def cut() -> None:
            for client in clients:
                client.cut()

        loop = OpenLoop(schedule, serves, bench.clock, cut)
        events = Events(settings, redis, memory, journal, outage, flusher, hottest, helper)
        yield Rig(everybody, schedule, journal, memory, events, flusher, hottest, loop)


def _clients(
    settings: Settings, redis: LabRedis, postgres: LabPostgres, bench: Bench, outage: Outage, stack: ExitStack
) -> list[Client]:
    clients: list[Client] = []
    aggregate = settings.db_cost == "aggregate"
    try:
        while len(clients) < settings.clients + 1:  # one for the lab itself
            client = Client(redis, postgres, bench.clock, outage, aggregate=aggregate)
            clients.append(stack.enter_context(closing(client)))
    except psycopg.OperationalError as error:
        if not postgres.alive():
            raise
        reason = str(error).strip().splitlines()[-1]
        raise ExperimentError(
            f"PostgreSQL let us open {len(clients)} of {settings.clients} connections: {reason}. Use fewer connections."
        ) from error
    return clients


def _flusher(settings: Settings, bench: Bench, redis: LabRedis, postgres: LabPostgres, outage: Outage) -> Flusher:
    every_s = settings.flush_interval_s
    phase_s = float(bench.random("flusher").random()) * every_s
    return Flusher(redis, postgres, bench.clock, outage, every_s=every_s, phase_s=phase_s)


def _plan(settings: Settings, bench: Bench, base: int) -> tuple[Floats, Journal, int]:
    """Return when each request is due, slots for what happens to it, and the hottest product."""
    schedule = poisson_schedule(settings.offered_rps, settings.duration_s, bench.random("arrivals"))
    share = popularity(settings.objects, settings.alpha)
    ids = shuffled_ids(settings.objects, bench.random("ids"))
    wanted = ids[draw(share, len(schedule), bench.random("products"))].tolist()
    writes = (bench.random("writes").random(len(schedule)) >= settings.read_fraction).tolist()
    return schedule, Journal(wanted, writes, base), int(ids[0])
