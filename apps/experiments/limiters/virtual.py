"""How is a run carried out on simulated time? In order, as fast as it goes, by the same limiters; nothing is timed.

The script of the real run decides on the real server; it is told the time instead of reading the server's clock.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from typing import Protocol

import redis

from apps.experiments.base import Sample
from apps.experiments.bench import Bench
from apps.experiments.lab_redis import LabRedis
from apps.experiments.limiters import judge
from apps.experiments.limiters.evidence import Evidence
from apps.experiments.limiters.journal import BLIND, Journal
from apps.experiments.limiters.scripts import script
from apps.experiments.limiters.settings import SECOND, Settings
from apps.experiments.limiters.stores import LOST, Local, bytes_in_redis, decide_in_order
from apps.experiments.limiters.traffic import arrivals

KEPT_MS = 3_600_000  # Redis's own clock goes on meanwhile, and must not let the key expire
PLACEMENT = "virtual clock: nothing was timed"


class _Engine(Protocol):
    script: str

    def decide(self, first: int, moments: Sequence[int], journal: Journal) -> None:
        """Write down the verdicts on requests `first` and following, which come at `moments`."""

    def bytes(self) -> int: ...
    def crash(self) -> None: ...
    def revive(self) -> None: ...


def virtual_steps(settings: Settings, bench: Bench, server: LabRedis | None) -> Generator[Sample, None, Evidence]:
    """Carry out a run on simulated time, against `server` or in memory."""
    journal = Journal(arrivals(settings, bench.random("arrivals")))
    if server is None:
        return (yield from _follow(settings, journal, _InGateways(settings)))
    with closing(server.connect()) as client:
        return (yield from _follow(settings, journal, _InRedis(settings, server, client)))


def _follow(settings: Settings, journal: Journal, engine: _Engine) -> Generator[Sample, None, Evidence]:
    duration, died = int(settings.duration_s * SECOND), int(settings.event_at_s * SECOND)
    back = died + round(settings.outage_s * SECOND) if settings.outage_s else died
    actions = {died: engine.crash, back: engine.revive} if settings.outage_s else {}
    most_bytes = begin = 0
    for end in sorted({*range(judge.BIN, duration + 1, judge.BIN), *actions}):
        first, last = (int(place) for place in journal.due.searchsorted([begin, end]))
        engine.decide(first, journal.due[first:last].tolist(), journal)
        begin = end
        if end in actions:
            actions[end]()
        if end % judge.BIN == 0:
            if not died <= end < back:
                most_bytes = max(most_bytes, engine.bytes())
            recent = journal.read(end - settings.lookback_us, end)
            yield Sample(points=judge.points(recent, end, settings.policy), progress=end / duration)
    return Evidence(journal.read(), most_bytes, PLACEMENT, engine.script, settings.outage_s)


class _InRedis:
    """The script on the real server, told the time."""

    def __init__(self, settings: Settings, server: LabRedis, client: redis.Redis) -> None:
        self.script = script(settings.algorithm, settings.policy, KEPT_MS)
        self._server, self._client, self._blind_verdict = server, client, settings.blind_verdict
        self._sha, self._dead = str(client.script_load(self.script)), False

    def decide(self, first: int, moments: Sequence[int], journal: Journal) -> None:
        if self._dead:
            self._decide_blindly(enumerate(moments, first), journal)
            return
        for i, (at, verdict) in enumerate(decide_in_order(self._client, self._sha, moments), first):
            journal.write(i, at, verdict)

    def _decide_blindly(self, requests: Iterable[tuple[int, int]], journal: Journal) -> None:
        for i, at in requests:
            try:
                decide_in_order(self._client, self._sha, [at])
            except LOST:
                journal.write(i, at, self._blind_verdict, BLIND)

    def bytes(self) -> int:
        return bytes_in_redis(self._client)

    def crash(self) -> None:
        self._server.crash()
        self._dead = True

    def revive(self) -> None:
        self._server.revive()
        self._client.connection_pool.disconnect()  # to the dead server: no request may have come to notice
        self._sha, self._dead = str(self._client.script_load(self.script)), False


class _InGateways:
    """A limiter in the memory of each gateway."""

    script = ""

    def __init__(self, settings: Settings) -> None:
        self._now = 0
        self._gateways = Local(settings.nodes, settings.algorithm, settings.policy, lambda: self._now)

    def decide(self, first: int, moments: Sequence[int], journal: Journal) -> None:
        for i, self._now in enumerate(moments, first):
            journal.write(i, *self._gateways(i))

    def bytes(self) -> int:
        return self._gateways.bytes()

    def crash(self) -> None:
        raise AssertionError("there is no server here to kill: the settings refuse it")

    def revive(self) -> None:
        raise AssertionError("there is no server here to revive: the settings refuse it")
