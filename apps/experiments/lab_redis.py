"""Which Redis does a run measure? One of our own that stays warm between runs, or an outside one that is empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from apps.experiments.base import ExperimentError
from apps.experiments.placement import unpin
from apps.testbed.redis import RedisServer, redis_server

PREFIX = "tradeoff:"  # every key of a lab starts with it, so that we know our own on an outside server
STEADY = {"hz": "10", "active-expire-effort": "10"}  # expired keys leave at once and do not count as cached
ROOMY = {"maxmemory": "0", "maxmemory-policy": "noeviction"}
ANSWER_TIMEOUT_S = 5.0


class LabRedis:
    """A Redis that one run has for itself."""

    def __init__(
        self, connect: Callable[..., redis.Redis], answers: Callable[[], bool], own: RedisServer | None = None
    ) -> None:
        self._connect, self._answers, self._own = connect, answers, own
        self.control = self.connect()
        self.name = engine_name(self.info("server"))
        self._originals: dict[str, str] = {}
        self._current: dict[str, str] = {}

    def alive(self) -> bool:
        """Return whether the server answers, a new client and our own connection alike."""
        try:
            return self._answers() and bool(self.control.ping())
        except redis.RedisError:
            return False

    def connect(self) -> redis.Redis:
        """Return a client of one connection that neither retries nor waits for ever."""
        return self._connect(
            single_connection_client=True,
            socket_timeout=ANSWER_TIMEOUT_S,
            socket_connect_timeout=ANSWER_TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
        )

    @property
    def pid(self) -> int | None:
        """Return the number of the server's process; None if it is not ours."""
        return self._own.process.pid if self._own else None

    def crash(self) -> None:
        """Kill the server at once; everything in it is gone. Raises ExperimentError if it is not ours to kill."""
        if self._own is None:
            raise ExperimentError("The Redis at LAB_REDIS_URL is not ours to kill: unset it, and the lab has its own.")
        self._own.crash()

    def revive(self) -> None:
        """Start the killed server again, empty, with the settings that were changed in this run."""
        assert self._own is not None  # noqa: S101  (nothing else can have been killed)
        changed = {name: str(self._current[name]) for name in self._originals}
        self._own.start()
        self.control.close()
        self.control = self.connect()
        for name, value in changed.items():
            self.control.config_set(name, value)

    def info(self, section: str) -> dict[str, Any]:
        """Return one section of INFO."""
        answer: dict[str, Any] = self.control.info(section)
        return answer

    def keys(self) -> int:
        """Return how many keys there are, expired ones that were not yet removed included."""
        return int(self.control.dbsize())

    def configure(self, settings: Mapping[str, str]) -> None:
        """Change settings until the next reset. Raises ExperimentError if the server refuses that."""
        for name, value in settings.items():
            try:
                self._originals.setdefault(name, str(self.control.config_get(name)[name]))
                self.control.config_set(name, value)
                self._current[name] = value
            except redis.ResponseError as error:
                raise ExperimentError(f"Redis does not let us set {name}: {error}") from error

    def flush(self) -> None:
        """Remove every key at once."""
        self.control.flushdb()

    def reset(self) -> None:
        """Remove every key and undo every change of settings."""
        self.flush()
        for name, value in self._originals.items():
            self.control.config_set(name, value)
        self._originals.clear()

    def make_room(self) -> None:
        """Take every limit of memory away until the next reset: a run that was killed may have left its own on an
        outside server. Raises ExperimentError if the server refuses that."""
        self.configure(ROOMY)

    def spread(self) -> None:
        """Let our own server use all cores again: one that was started anew in a run was born on that run's core."""
        if self.pid is not None:
            unpin(self.pid)

    def close(self) -> None:
        """Close our own connection."""
        self.control.close()


@contextmanager
def own_redis() -> Iterator[LabRedis]:
    """Start a throw-away Redis. Raises EngineMissing or EngineError of testbed."""
    with redis_server(config=STEADY) as server, closing(LabRedis(server.connect, server.alive, server)) as lab:
        yield lab


@contextmanager
def outside_redis(url: str) -> Iterator[LabRedis]:
    """Use the Redis at `url`, if nobody else keeps anything in it. Raises ExperimentError if it cannot be used.

    A lab empties the database and sets maxmemory for the whole server, which could evict the keys of others:
    so every other database must be empty, and ours may hold nothing but keys of a lab that was cut short.
    """

    def connect(**options: Any) -> redis.Redis:
        return redis.Redis.from_url(url, **options)

    try:
        lab = LabRedis(connect, lambda: True)
        refuse_if_used(lab.control)
    except redis.RedisError as error:
        raise ExperimentError(f"Cannot use the Redis at LAB_REDIS_URL: {error}") from error
    try:
        yield lab
    finally:
        lab.close()


def engine_name(server: Mapping[str, Any]) -> str:
    """Return engine and version from INFO's section "server": "Redis 6.2.14", "Valkey 8.1.3"."""
    if "valkey_version" in server:
        return f"Valkey {server['valkey_version']}"
    return f"Redis {server['redis_version']}"


def refuse_if_used(client: redis.Redis) -> None:
    """Raise ExperimentError if the server holds keys that are not a lab's."""
    database = client.connection_pool.connection_kwargs.get("db") or 0
    others = [name for name in client.info("keyspace") if name != f"db{database}"]
    if others:
        raise ExperimentError(f"The Redis at LAB_REDIS_URL is in use: it has keys in {', '.join(others)}.")
    for key in client.scan_iter(count=1000):
        if not key.startswith(PREFIX.encode()):
            raise ExperimentError(
                f"The Redis at LAB_REDIS_URL is in use: it has the key {key.decode(errors='replace')[:60]!r}. "
                "A lab would delete it, so it wants a server of its own."
            )
