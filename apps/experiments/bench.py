"""What may a run use? Seeded randomness, a clock, and real servers that stay warm from run to run.

One `Bench` lives as long as its worker process. `seeded` gives each run its own view of it: same servers, own
randomness. Servers start when they are first asked for; one that has died since is replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Generic, Literal, Protocol, TypeVar
from zlib import crc32

import numpy as np

from apps.experiments.base import ExperimentError
from apps.experiments.clock import Clock, RealClock
from apps.testbed.errors import EngineError

if TYPE_CHECKING:
    from apps.experiments.lab_postgres import LabPostgres
    from apps.experiments.lab_redis import LabRedis
    from apps.experiments.lab_replicas import LabReplicas

EngineName = Literal["redis", "postgres", "replicas"]


class Server(Protocol):
    """What the bench asks of a server, whatever its kind."""

    name: str

    def alive(self) -> bool: ...


S = TypeVar("S", bound=Server)


class Warm(Generic[S]):
    """One server, started when it is first wanted, and again when it has died or another kind is wanted.

    A kind is what `start` takes: nothing for most servers, the number of standbys for a replica set.
    """

    def __init__(self, start: Callable[..., AbstractContextManager[S]]) -> None:
        self._start = start
        self._stack = ExitStack()
        self._kind: tuple[int, ...] = ()
        self.server: S | None = None

    def ready(self, *kind: int) -> bool:
        """Return whether such a server is up, so that asking for it takes no time."""
        return self.server is not None and self._kind == kind and self.server.alive()

    def get(self, *kind: int) -> S:
        """Return the running server. Raises ExperimentError in one line if it cannot be started."""
        if not self.ready(*kind):
            self.close()
            try:
                self.server, self._kind = self._stack.enter_context(self._start(*kind)), kind
            except EngineError as error:
                raise ExperimentError(str(error)) from error
        assert self.server is not None  # noqa: S101  (for the type checker)
        return self.server

    def close(self) -> None:
        """Stop the server, if there is one."""
        self.server = None
        self._stack.close()


@dataclass(frozen=True, slots=True)
class Bench:
    """What a run may use. Make one with `from_environment`; `close` it when the process ends."""

    warm_redis: Warm[LabRedis]
    warm_postgres: Warm[LabPostgres]
    warm_replicas: Warm[LabReplicas]
    seed: int = 0
    clock: Clock = field(default_factory=RealClock)

    @classmethod
    def from_environment(cls, redis_url: str | None = None, postgres_dsn: str | None = None) -> Bench:
        """Return a bench with servers of its own, or with the outside ones that LAB_REDIS_URL and
        LAB_POSTGRES_DSN name; a primary with standbys is always its own. Nothing is started or reached yet."""
        # Imported here, because a process that never runs a lab should not pay for the drivers.
        from apps.experiments.lab_postgres import outside_postgres, own_postgres
        from apps.experiments.lab_redis import outside_redis, own_redis
        from apps.experiments.lab_replicas import own_replicas

        return cls(
            Warm(partial(outside_redis, redis_url) if redis_url else own_redis),
            Warm(partial(outside_postgres, postgres_dsn) if postgres_dsn else own_postgres),
            Warm(own_replicas),
        )

    def seeded(self, seed: int) -> Bench:
        """Return a view of this bench for one run: same servers, randomness from `seed`."""
        return replace(self, seed=seed)

    def random(self, name: str) -> np.random.Generator:
        """Return the random numbers of one part of a run. Parts are independent, so that changing what one
        part draws leaves the others as they were."""
        return np.random.default_rng([self.seed, crc32(name.encode())])

    def warm(self, engine: EngineName, *kind: int) -> bool:
        """Return whether a server (of this kind) is up, so that a run can say that it is starting one."""
        if engine == "replicas":
            return self.warm_replicas.ready(*kind)
        return (self.warm_redis if engine == "redis" else self.warm_postgres).ready()

    @contextmanager
    def redis(self) -> Iterator[LabRedis]:
        """Hand out an empty Redis with room for everything, and leave it empty, with its original settings."""
        import redis

        server = self.warm_redis.get()
        server.reset()
        server.make_room()
        try:
            yield server
        finally:
            try:
                server.reset()
                server.spread()
            except redis.RedisError:  # it died in this run: the next one gets a fresh server
                self.warm_redis.close()

    @contextmanager
    def postgres(self) -> Iterator[LabPostgres]:
        """Hand out a PostgreSQL; tables of earlier runs may be there (`LabPostgres.loaded`)."""
        yield self.warm_postgres.get()

    @contextmanager
    def replicas(self, standbys: int) -> Iterator[LabReplicas]:
        """Hand out a primary with so many standbys that have caught up, links without delay, and leave it so."""
        import psycopg

        servers = self.warm_replicas.get(standbys)
        try:
            yield servers
        finally:
            try:
                servers.reset()
            except (psycopg.Error, EngineError, ExperimentError):  # they died in this run: the next one gets fresh ones
                self.warm_replicas.close()

    def engines(self) -> dict[str, str]:
        """Return name and version of each server that is up, by engine, for the passport."""
        servers: dict[str, Server | None] = {
            "redis": self.warm_redis.server,
            "postgres": self.warm_postgres.server,
            "replicas": self.warm_replicas.server,
        }
        return {engine: server.name for engine, server in servers.items() if server is not None}

    def close(self) -> None:
        """Stop the servers."""
        self.warm_redis.close()
        self.warm_postgres.close()
        self.warm_replicas.close()
