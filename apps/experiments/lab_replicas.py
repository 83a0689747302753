"""Which primary and standbys does a run measure? Ours always: they are delayed, cut off and killed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from apps.experiments.base import ExperimentError
from apps.experiments.lab_postgres import ANSWER_TIMEOUT_S, QUIET, Connection
from apps.testbed.postgres import PostgresServer
from apps.testbed.standby import ReplicaSet, Standby, replica_set

CONFIG = {
    **QUIET,
    "max_connections": "140",
    "max_standby_streaming_delay": "-1",
    "synchronous_commit": "local",
}
SESSION = "-c jit=off -c max_parallel_workers_per_gather=0"
POLL_S = 0.005
PATIENCE_S = 10.0


class LabReplicas:
    """A primary (number 0) and its standbys (from 1) that one run has for itself."""

    def __init__(self, servers: ReplicaSet) -> None:
        self._set = servers
        self.standbys = len(servers.standbys)
        count = f"{self.standbys} standby{'s' if self.standbys > 1 else ''}"
        self.name = f"PostgreSQL {servers.version}, a primary and {count}"
        self._spoiled = False
        self.controls: list[Connection] = []
        self._take_control()

    def alive(self) -> bool:
        """Return whether every server answers."""
        try:
            return self._set.alive() and all(_one(control, "SELECT 1") for control in self.controls)
        except psycopg.Error:
            return False

    def connect(self, server: int, **settings: str) -> Connection:
        """Return a new connection that commits and prepares each statement; `settings` are PostgreSQL's."""
        options = " ".join([SESSION, *(f"-c {name}={value}" for name, value in settings.items())])
        return self._server(server).connect(options=options, prepare_threshold=0, connect_timeout=ANSWER_TIMEOUT_S)

    def commit_after(self, standby_names: str) -> None:
        """Set which standbys a commit waits for (PostgreSQL's synchronous_standby_names; "" for none)."""
        self._configure(0, "synchronous_standby_names", standby_names or None)
        wanted = (standby_names.split() or [""])[0]
        state = {"": "async", "FIRST": "sync", "ANY": "quorum"}[wanted]
        copies = 0 if wanted == "" else self.standbys if wanted == "ANY" else standby_names.count("s")
        self._wait_until(lambda: self._states().count(state) >= (copies or self.standbys), "standbys take their part")

    def apply_late(self, delay_ms: float) -> None:
        """Let every standby show a row so long after its commit at the earliest."""
        for standby in range(1, self.standbys + 1):
            self._configure(standby, "recovery_min_apply_delay", f"{delay_ms:g}ms" if delay_ms else None)

    def shape(self, delays_ms: Sequence[float], kbps: Sequence[float]) -> None:
        """Give each standby's link a one-way delay (ms) and a bandwidth (kilobits per second; 0: no limit)."""
        for standby, delay, rate in zip(self._set.standbys, delays_ms, kbps, strict=True):
            standby.link.shape(delay_ms=delay, kbps=rate)

    def cut(self, standby: int) -> None:
        """Pull the cable between the primary and a standby."""
        self._standby(standby).link.cut()

    def mend(self, standby: int) -> None:
        """Plug that cable in again."""
        self._standby(standby).link.mend()

    def pause_replay(self) -> None:
        """Let every standby receive the log without showing what is in it."""
        for control in self.controls[1:]:
            control.execute("SELECT pg_wal_replay_pause()")

    def resume_replay(self) -> None:
        """Let the standbys go on."""
        for control in self.controls[1:]:
            control.execute("SELECT pg_wal_replay_resume()")

    def lose_primary(self) -> None:
        """Kill the primary and its network at once: what is under way on a link never arrives."""
        self._spoiled = True
        for standby in self._set.standbys:
            standby.link.cut()
        self._set.primary.crash()

    def received(self) -> dict[int, int]:
        """Return how much of the log (a position in bytes) each standby has on disk."""
        query = "SELECT (pg_last_wal_receive_lsn() - '0/0'::pg_lsn)::bigint"
        return {number: _one(control, query) for number, control in enumerate(self.controls) if number}

    def promote(self, standby: int) -> None:
        """Make a standby the primary; it accepts writes when this returns."""
        self._spoiled = True
        self._set.promote(self._standby(standby))

    def wait_until_caught_up(self, patience_s: float = PATIENCE_S) -> None:
        """Return once every standby has replayed what the primary has written. Raises ExperimentError."""
        position = _one(self.controls[0], "SELECT (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint")
        query = f"SELECT (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint >= {position}"  # noqa: S608  (a number)
        self._wait_until(
            lambda: all(_one(control, query) for control in self.controls[1:]), "standbys catch up", patience_s
        )

    def reset(self) -> None:
        """Undo what a run changed and wait until the standbys have caught up. Raises ExperimentError if they do not.

        After a promotion the set is made anew, which takes about 0.3 s.
        """
        if self._spoiled:
            self.close()
            self._set.rebuild()
            self._take_control()
            self._spoiled = False
            return
        for number in range(1, self.standbys + 1):
            self.mend(number)
        self.shape([0.0] * self.standbys, [0.0] * self.standbys)
        self.resume_replay()
        self.apply_late(0)
        self.commit_after("")
        self.wait_until_caught_up()

    def close(self) -> None:
        """Close our own connections."""
        for control in self.controls:
            control.close()

    def _standby(self, number: int) -> Standby:
        return self._set.standbys[number - 1]

    def _server(self, number: int) -> PostgresServer:
        return self._standby(number).server if number else self._set.primary

    def _take_control(self) -> None:
        self.controls = [self.connect(server) for server in range(self.standbys + 1)]

    def _states(self) -> list[str]:
        query = "SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'"
        return [row[0] for row in self.controls[0].execute(query).fetchall()]

    def _configure(self, server: int, name: str, value: str | None) -> None:
        """Change a setting of a running server; None takes the change back. Its processes hear of it within ms."""
        control = self.controls[server]
        change = "SET {} = {}" if value else "RESET {}"
        control.execute(SQL("ALTER SYSTEM " + change).format(Identifier(name), Literal(value)))
        control.execute("SELECT pg_reload_conf()")

    def _wait_until(self, condition: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
        give_up_at = time.monotonic() + patience_s
        while not condition():
            if time.monotonic() > give_up_at:
                raise ExperimentError(f"PostgreSQL's {what} took more than {patience_s:g} s. Start the run again.")
            time.sleep(POLL_S)


def _one(control: Connection, query: str) -> int:
    """Return the only value that a query of ours gives."""
    row = control.execute(query).fetchone()
    assert row is not None  # noqa: S101
    return row[0]  # type: ignore[no-any-return]


@contextmanager
def own_replicas(standbys: int) -> Iterator[LabReplicas]:
    """Start a throw-away primary with standbys. Raises EngineMissing or EngineError of testbed."""
    with replica_set(standbys, config=CONFIG) as servers:
        lab = LabReplicas(servers)
        try:
            yield lab
        finally:
            lab.close()
