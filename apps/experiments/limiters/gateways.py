"""Who decides in a run in real time? Gateways that share a Redis, or that count each by themselves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from typing import Protocol

import redis

from apps.experiments.clock import Clock
from apps.experiments.lab_redis import LabRedis
from apps.experiments.limiters.scripts import forgets_after_ms, script
from apps.experiments.limiters.settings import SECOND, Settings
from apps.experiments.limiters.stores import Atomic, Decide, Local, Naive, bytes_in_redis

LOOKS_AT_THE_CLOCK = 5
ASKED_BY = {"redis-atomic": "cmdstat_evalsha", "redis-naive": "cmdstat_get"}


class Gateways(Protocol):
    """What a run asks of its gateways. `text` is the script that Redis runs, "" if it runs none."""

    text: str

    def decides(self, clock: Clock, start: Callable[[], float]) -> list[Decide]:
        """Return how each connection gets a decision; `start` tells when the run began, once it has."""

    def cut(self) -> None:
        """Close the connections, also under a client that waits."""

    def bytes(self) -> int:
        """Return how much is remembered of the customer, in bytes."""

    def asked(self) -> int | None:
        """Return how many decisions Redis says it was asked for; None without Redis."""

    def gaps(self) -> list[int]:
        """Return the microseconds between each read and its write; none where Redis decides alone."""

    def crash(self) -> None:
        """Kill Redis. Only with Redis: the settings refuse it otherwise."""

    def revive(self) -> None:
        """Start Redis again, empty."""


class InMemory:
    """Gateways that count each by themselves."""

    text = ""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def decides(self, clock: Clock, start: Callable[[], float]) -> list[Decide]:
        settings = self._settings
        self._local = Local(settings.nodes, settings.algorithm, settings.policy, _micros(clock, start))
        return [self._local] * settings.clients

    def cut(self) -> None:
        pass  # nobody waits for a connection here

    def bytes(self) -> int:
        return self._local.bytes()

    def asked(self) -> None:
        return None

    def gaps(self) -> list[int]:
        return []

    def crash(self) -> None:
        raise AssertionError("local limiters have no server that could die")

    def revive(self) -> None:
        raise AssertionError("local limiters have no server that could die")


class InRedis:
    """Gateways that share a Redis."""

    def __init__(self, settings: Settings, server: LabRedis, stack: ExitStack) -> None:
        self._settings, self._server = settings, server
        self._script = script(settings.algorithm, settings.policy, forgets_after_ms(settings.policy))
        self.text = self._script if settings.store == "redis-atomic" else ""
        self._naive: list[Naive] = []
        self._clients = [stack.enter_context(closing(server.connect())) for _ in range(settings.clients)]

    def decides(self, clock: Clock, start: Callable[[], float]) -> list[Decide]:
        settings = self._settings
        if settings.store == "redis-naive":
            now = _micros(clock, start)
            self._naive = [Naive(client, settings.algorithm, settings.policy, now) for client in self._clients]
            return list(self._naive)
        ahead = _ahead_s(self._server.control, clock)
        return [Atomic(client, self._script, lambda: round((ahead + start()) * SECOND)) for client in self._clients]

    def cut(self) -> None:
        for client in self._clients:
            client.close()

    def bytes(self) -> int:
        return bytes_in_redis(self._server.control)

    def asked(self) -> int:
        return int(self._server.info("commandstats").get(ASKED_BY[self._settings.store], {"calls": 0})["calls"])

    def gaps(self) -> list[int]:
        return [gap for naive in self._naive for gap in naive.gaps]

    def crash(self) -> None:
        self._server.crash()

    def revive(self) -> None:
        self._server.revive()


def _micros(clock: Clock, start: Callable[[], float]) -> Callable[[], int]:
    return lambda: int((clock.now() - start()) * SECOND)


def _ahead_s(client: redis.Redis, clock: Clock) -> float:
    """Return how far the server's clock is ahead of ours, in seconds, by the quickest of a few looks at it."""
    looks = []
    for _ in range(LOOKS_AT_THE_CLOCK):
        before = clock.now()
        seconds, micros = client.time()
        after = clock.now()
        looks.append((after - before, seconds + micros / SECOND - (before + after) / 2))
    return min(looks)[1]
