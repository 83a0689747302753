"""How does one client write an entry, and how does one read a page? Each has connections of its own."""

from __future__ import annotations

from typing import Any

import psycopg

from apps.experiments.replicas import routing, tables
from apps.experiments.replicas.journal import Journal, followed
from apps.experiments.replicas.settings import WRITER_COMMIT, Settings
from apps.experiments.replicas.stage import Over, Stage

PATIENCE_S = 0.005  # how long a read waits for a standby to catch up with its session, if one is no further behind
ASK_AGAIN_S = 0.001


class Tokens:
    """How far in the log each person's session has seen or written: a standby that is as far shows all of it."""

    def __init__(self, people: int) -> None:
        self.of = [0] * people

    def seen(self, person: int, position: int) -> None:
        """Note that a session has come to `position`. A race of two threads of one session may keep the older one,
        so whoever notes a write does it before anybody is told of the write."""
        self.of[person] = max(self.of[person], position)


class Writer:
    """Adds one entry a call, each in a transaction of its own."""

    def __init__(self, stage: Stage, journal: Journal, settings: Settings, tokens: Tokens | None) -> None:
        self._stage, self._journal, self._tokens = stage, journal, tokens
        self._commit = WRITER_COMMIT[settings.mode]
        self._now = stage.clock.now
        self._meet(stage.primary)

    def _meet(self, primary: int) -> None:
        self._term = self._stage.term
        self._line = self._stage.connect(primary, synchronous_commit=self._commit)
        self._cursor = self._line.cursor()

    def rehearse(self, number: int) -> float:
        """Add an entry of nobody and return how long its commit took, in seconds."""
        began = self._now()
        self._cursor.execute(tables.ADD, (-1 - number, tables.NOBODY))
        return self._now() - began

    def serve(self, write: int) -> None:
        """Carry out one write of the plan. If the primary dies under it, nobody knows whether it is done."""
        author = self._journal.plan.authors[write]
        try:
            if self._term != self._stage.term:
                self._meet(self._stage.wait_for_primary())
            self._cursor.execute(tables.ADD, (write, author))
            acked = self._now()
            if self._tokens is not None:
                self._tokens.seen(author, _position(self._cursor))
        except Over:
            return
        except psycopg.OperationalError:
            if self._term == self._stage.term and not self._stage.over:
                raise
            self._journal.cut_off[write] = 1
            return
        self._journal.acknowledge(write, acked)


class Reader:
    """Reads one page a call, from the server that the routing says."""

    def __init__(self, stage: Stage, journal: Journal, settings: Settings, tokens: Tokens) -> None:
        self._stage, self._journal, self._settings, self._tokens = stage, journal, settings, tokens
        self._now, self._sleep = stage.clock.now, stage.clock.sleep
        self._term = stage.term
        wanted = () if settings.routing == "primary" else stage.standbys
        self._cursors = {server: stage.connect(server).cursor() for server in (stage.primary, *wanted)}
        for cursor in self._cursors.values():
            self._page(cursor, 0)

    def serve(self, read: int) -> None:
        """Carry out one read of the plan; one that the primary's death cuts off has no answer."""
        journal, person = self._journal, self._journal.plan.readers[read]
        try:
            if self._term != self._stage.term:
                self._follow_the_primary()
            journal.begin_read(read, self._now())
            server = self._choose(journal.plan.dice[read], person)
            own, other, position = self._page(self._cursors[server], person)
        except Over:
            return
        except psycopg.OperationalError:
            if self._term == self._stage.term and not self._stage.over:
                raise
            return
        self._tokens.seen(person, position)
        journal.end_read(read, server, own, other)

    def _follow_the_primary(self) -> None:
        primary = self._stage.wait_for_primary()
        self._term = self._stage.term
        if primary not in self._cursors:
            self._cursors[primary] = self._stage.connect(primary).cursor()

    def _page(self, cursor: psycopg.Cursor[Any], person: int) -> tuple[int, int, int]:
        row = cursor.execute(tables.PAGE, (person, followed(person))).fetchone()
        assert row is not None  # noqa: S101  (one row, whatever the table holds)
        return row[0], row[1], row[2]

    def _choose(self, dice: float, person: int) -> int:
        stage, settings = self._stage, self._settings
        if settings.routing == "primary":
            return stage.primary
        if settings.routing == "session-lsn":
            return self._caught_up(routing.in_turn(stage.standbys, dice), self._tokens.of[person])
        standbys: list[int] | tuple[int, ...] = stage.standbys
        if settings.routing == "bounded-staleness":
            standbys = routing.fresh_enough(standbys, stage.lags_s, settings.max_lag_ms / 1e3)
        return routing.any_replica(standbys, dice) or stage.primary

    def _caught_up(self, standbys: list[int], token: int) -> int:
        """Return a standby that has replayed the log up to `token`, if one soon has; else the primary."""
        positions, lags = self._stage.positions, self._stage.lags_s
        give_up_at = self._now() + PATIENCE_S
        while True:
            if (found := routing.caught_up(standbys, positions, token)) is not None:
                return found
            for standby in standbys:
                positions[standby] = _position(self._cursors[standby])
                if positions[standby] >= token:
                    return standby
            if self._now() >= give_up_at or min(lags.values(), default=1.0) > PATIENCE_S:
                return self._stage.primary
            self._sleep(ASK_AGAIN_S)


def _position(cursor: psycopg.Cursor[Any]) -> int:
    """Return how far the server is in the log: replayed on a standby, written to disk on a primary."""
    row = cursor.execute(tables.WHERE).fetchone()
    assert row is not None  # noqa: S101
    return int(row[0])
