"""What does a database with replicas do when a link is slow, cut, or the primary dies? A primary and its standbys.

Each standby streams from the primary through a `Link` of its own and a replication slot, so that a cut link loses
nothing. All are our own children on Unix sockets in one scratch directory. They start as copies of one cluster on
which no server ever ran; that one is kept, so that the set can start anew within a second, whatever became of it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from apps.testbed import cluster, copies
from apps.testbed.engines import postgres_engine
from apps.testbed.errors import EngineError
from apps.testbed.link import Link
from apps.testbed.postgres import COMMON, PostgresServer
from apps.testbed.scratch import room, scratch_directory
from apps.testbed.users import private_file, service_user

MOST_STANDBYS = 3
FIRST_PORT = 5432  # names sockets: the primary's, then the standbys'
FIRST_LINK_PORT = 6432
STREAM_TIMEOUT_S = 10.0
REPLICATION = {
    "wal_level": "replica",
    "hot_standby": "on",
    "max_wal_senders": "10",
    "max_replication_slots": "10",
    "max_slot_wal_keep_size": "1GB",  # what a cut link may cost on the primary's disk
    "wal_retrieve_retry_interval": "100ms",  # a lost connection is tried again that soon
    "wal_receiver_status_interval": "1s",
    # Longer than any run: a pulled cable shows as one connection's growing lag, not as a connection that is gone.
    "wal_sender_timeout": "5min",
    "wal_receiver_timeout": "5min",
    "max_logical_replication_workers": "0",
}

# Nobody connects to the other databases, and without them there are 400 files to copy and not 1300.
SLIM = """UPDATE pg_database SET datistemplate = false;
DROP DATABASE template0;
DROP DATABASE template1;
DROP DATABASE postgres;
"""


@dataclass(frozen=True, slots=True)
class Standby:
    """A standby, its name in pg_stat_replication ("s1", …; also its slot's) and its link to the primary."""

    name: str
    server: PostgresServer
    link: Link

    def pause_replay(self) -> None:
        """Stop applying what arrives; it is still received and flushed."""
        with self.server.connect() as connection:
            connection.execute("SELECT pg_wal_replay_pause()")
            _until(
                lambda: connection.execute("SELECT pg_get_wal_replay_pause_state()").fetchone() == ("paused",),
                f"{self.name} did not pause",
            )

    def resume_replay(self) -> None:
        """Go on applying."""
        with self.server.connect() as connection:
            connection.execute("SELECT pg_wal_replay_resume()")


class ReplicaSet:
    """One primary and its standbys. Objects and addresses stay the same through crashes, promotions and rebuilds."""

    def __init__(self, scratch: Path, config: Mapping[str, str]) -> None:
        self._engine, self._user = postgres_engine(), service_user()
        self._home, self._data = room(scratch, self._user), room(scratch, self._user)
        self._pristine = room(scratch, self._user) / "pristine"
        self._password = secrets.token_urlsafe(24)
        self._config = {**COMMON, **REPLICATION, **config}
        self._known: list[Standby] = []
        self.primary = self._server("primary", FIRST_PORT, {})
        self.standbys: list[Standby] = []

    @property
    def version(self) -> str:
        """Return the version of every server: "18.4"."""
        return self._engine.version

    def _server(self, name: str, port: int, more: Mapping[str, str]) -> PostgresServer:
        settings = {**self._config, "port": str(port), "cluster_name": name, **more}
        return PostgresServer(self._engine, self._data / name, self._home, self._password, settings)

    def _choose(self, standbys: int) -> list[Standby]:
        if not 1 <= standbys <= MOST_STANDBYS:
            raise ValueError(f"A set has 1 to {MOST_STANDBYS} standbys, not {standbys}.")
        return [self._standby(number) for number in range(1, standbys + 1)]

    def _standby(self, number: int) -> Standby:
        """Return the standby of this number (from 1), made with its link if it is new."""
        if number > len(self._known):
            name, port = f"s{number}", FIRST_LINK_PORT + number
            link = Link(self.primary.socket, self._home / f".s.PGSQL.{port}")
            source = (
                f"host={self._home} port={port} user={cluster.USER} password={self._password} application_name={name}"
            )
            server = self._server(name, FIRST_PORT + number, {"primary_conninfo": source, "primary_slot_name": name})
            self._known.append(Standby(name, server, link))
        return self._known[number - 1]

    @property
    def servers(self) -> list[PostgresServer]:
        """Return the primary and then the standbys."""
        return [self.primary, *(standby.server for standby in self.standbys)]

    def create(self, standbys: int) -> None:
        """Make the cluster that all start from, and start them. Raises EngineError."""
        self.standbys = self._choose(standbys)  # their links start meanwhile
        cluster.prepare(self._engine, self._pristine, self._password, self._user, sync=False)
        # With our settings: a standby may not allow fewer connections than its copy says the primary does.
        cluster.configure(self._pristine, self._config, self._user)
        cluster.single(self._engine, self._pristine, SLIM, self._user, sync=False, database=cluster.DATABASE)
        self._start()

    def rebuild(self, standbys: int | None = None) -> None:
        """Start anew with that many standbys (as many as now), whatever became of the set: every table is gone,
        every setting is as at first, links are mended and unshaped. Connections end. Raises EngineError."""
        self._stop()
        for standby in self.standbys:
            standby.link.mend()
            standby.link.shape(delay_ms=0.0, kbps=0.0)
        if standbys is not None:
            self.standbys = self._choose(standbys)
        self._start()

    def _start(self) -> None:
        """Start every server on a fresh copy, all at once, and wait until all standbys stream."""
        copies.copy(self._pristine, [server.directory for server in self.servers], self._user)
        for standby in self.standbys:
            private_file(standby.server.directory / "standby.signal", "", self._user)
            standby.link.listening()
        for server in self.servers:
            server.launch()
        self.primary.wait_until_ready()
        with self.primary.connect() as connection:
            for standby in self.standbys:
                connection.execute("SELECT pg_create_physical_replication_slot(%s, true)", [standby.name])
        for standby in self.standbys:
            standby.server.wait_until_ready()
        self.wait_until_caught_up()

    def _stop(self) -> None:
        """Kill all servers, which a cut link could keep from ending in order."""
        for server in self.servers:
            if hasattr(server, "process"):
                server.crash()

    def wait_until_caught_up(self, timeout_s: float = STREAM_TIMEOUT_S) -> None:
        """Wait until every standby streams and has applied what the primary has written up to now.

        The standbys are asked: the primary hears of what they apply up to a second later. Raises EngineError if it
        takes longer than `timeout_s`.
        """
        with ExitStack() as stack:
            primary, *others = [stack.enter_context(server.connect()) for server in self.servers]
            written = primary.execute("SELECT pg_current_wal_lsn()").fetchone()
            streaming = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
            applied = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
            _until(
                lambda: (
                    primary.execute(streaming).fetchone() == (len(others),)
                    and all(standby.execute(applied, written).fetchone() == (True,) for standby in others)
                ),
                "the standbys did not catch up",
                timeout_s,
            )

    def promote(self, standby: Standby) -> None:
        """Make a standby a primary, and return when it accepts writes. The old primary is not touched."""
        with standby.server.connect() as connection:
            connection.execute("SELECT pg_promote(wait => false)")
            _until(
                lambda: connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,),
                f"{standby.name} did not become a primary",
            )

    def crash_primary(self) -> None:
        """Cut the power of the primary's machine: its processes die, and what its kernel had not sent is gone."""
        self.primary.crash()
        for standby in self.standbys:
            standby.link.lose_unsent()

    def alive(self) -> bool:
        """Return whether every server answers."""
        return all(server.alive() for server in self.servers)

    def close(self) -> None:
        """End all servers and links."""
        self._stop()
        for standby in self._known:
            standby.link.close()


def _until(condition: Callable[[], bool], what: str, timeout_s: float = STREAM_TIMEOUT_S) -> None:
    """Wait until a condition holds. Raises EngineError that says `what` if it does not."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise EngineError(f"Within {timeout_s:g} s {what}.")
        time.sleep(0.002)


@contextmanager
def replica_set(standbys: int, *, config: Mapping[str, str] | None = None) -> Iterator[ReplicaSet]:
    """Run a primary with 1 to 3 standbys until the end of the block. Raises EngineMissing, EngineError or ValueError.

    `config` are settings of all servers as in postgresql.conf; they win over ours.
    """
    with scratch_directory("set") as scratch:
        replicas = ReplicaSet(scratch, config or {})
        try:
            replicas.create(standbys)
            yield replicas
        finally:
            replicas.close()
