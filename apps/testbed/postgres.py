"""How do we get a real PostgreSQL? Our own child on a Unix socket, with a password, throw-away or kept."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from apps.testbed import cluster, supervisor
from apps.testbed.engines import Engine, postgres_engine
from apps.testbed.homes import settle
from apps.testbed.readiness import short_enough, size, wait_until_ready
from apps.testbed.scratch import record_group, room, scratch_directory
from apps.testbed.users import private_directory, service_user

if TYPE_CHECKING:
    import psycopg

START_TIMEOUT_S = 30.0
STOP_GRACE_S = 15.0
COMMON = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}


class PostgresServer:
    """One PostgreSQL of ours. `process` changes when it is started again; the address does not."""

    user = cluster.USER
    database = cluster.DATABASE
    process: subprocess.Popen[bytes]

    def __init__(self, found: Engine, data: Path, sockets: Path, password: str, config: Mapping[str, str]) -> None:
        self.version, self._program = found.version, found.path
        self.directory, self.socket_directory, self.password = data, sockets, password
        self.port = int(config["port"])
        self.log = data.with_name(f"{data.name}.log")
        self._config = {**config, "unix_socket_directories": str(sockets)}
        self._user = service_user()
        short_enough(self.socket)

    @property
    def socket(self) -> Path:
        """Return the path of the socket that libpq looks for."""
        return self.socket_directory / f".s.PGSQL.{self.port}"

    @property
    def dsn(self) -> str:
        """Return the address in libpq's key=value form."""
        return (
            f"host={self.socket_directory} port={self.port} user={self.user} "
            f"password={self.password} dbname={self.database}"
        )

    @property
    def url(self) -> str:
        """Return the address as a URL, the form of DATABASE_URL."""
        password, host = quote(self.password, safe=""), quote(str(self.socket_directory))
        return f"postgresql://{self.user}:{password}@/{self.database}?host={host}&port={self.port}"

    def start(self) -> None:
        """Start the server, after a crash too, and wait until it accepts connections. Raises EngineError."""
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        """Start the server's process; several servers can so start at once. Raises EngineError."""
        cluster.end_orphan(self.directory)
        cluster.configure(self.directory, self._config, self._user)
        for stale in (self.socket, self.socket.with_name(f"{self.socket.name}.lock")):
            stale.unlink(missing_ok=True)
        self._launched_at = size(self.log)
        self.process = supervisor.spawn(
            [self._program, "-D", self.directory],
            cwd=self.directory,
            env=cluster.environment(),
            log=self.log,
            user=self._user,
            # It ends at once and takes its children along; recovery at the next start takes 0.2 s.
            parent_death_signal=signal.SIGQUIT,
        )
        record_group(self.socket_directory, self.process.pid)

    def wait_until_ready(self) -> None:
        """Wait until the launched server accepts connections (a standby: queries). Raises EngineError."""
        wait_until_ready(
            "PostgreSQL",
            self.process,
            lambda: cluster.ready(self.directory, self.process.pid),
            log=self.log,
            since=self._launched_at,
            timeout_s=START_TIMEOUT_S,
        )

    def stop(self) -> None:
        """End the server in order: sessions are cut, everything is written."""
        supervisor.stop(self.process, signal=signal.SIGINT, grace_s=STOP_GRACE_S)

    def crash(self) -> None:
        """Kill the server and its processes at once, as a power cut would, and wait until they are gone."""
        supervisor.stop(self.process, signal=signal.SIGKILL)
        cluster.forget_memory(self.directory)

    def running(self) -> bool:
        """Return whether the server's process runs."""
        return self.process.poll() is None

    def configure(self, settings: Mapping[str, str]) -> None:
        """Change settings of the running server (ALTER SYSTEM), and return when new sessions have them.

        Raises psycopg.Error if the server refuses one.
        """
        from psycopg import sql

        with self.connect() as connection:
            for name, value in settings.items():
                change = sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value))
                connection.execute(change)
            _reload(connection)

    def reset_settings(self) -> None:
        """Undo every ALTER SYSTEM."""
        with self.connect() as connection:
            connection.execute("ALTER SYSTEM RESET ALL")
            _reload(connection)

    def alive(self) -> bool:
        """Return whether the server answers a query, within two seconds."""
        import psycopg

        try:
            with self.connect(connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def connect(self, **options: Any) -> psycopg.Connection[Any]:
        """Return a new connection that commits each statement; `options` are psycopg's and win."""
        import psycopg

        return psycopg.connect(self.dsn, **{"autocommit": True, **options})


def _reload(connection: psycopg.Connection[Any]) -> None:
    """Let the server read its settings again, and wait until this session has: the main process had them before."""
    row = connection.execute("SELECT pg_conf_load_time(), pg_reload_conf()").fetchone()
    while row == connection.execute("SELECT pg_conf_load_time(), true").fetchone():
        time.sleep(0.001)


@contextmanager
def postgres_server(
    *,
    directory: Path | None = None,
    persistent: bool = False,
    password: str | None = None,
    socket_directory: Path | None = None,
    config: Mapping[str, str] | None = None,
) -> Iterator[PostgresServer]:
    """Run a PostgreSQL until the end of the block. Raises EngineMissing or EngineError.

    Its data is kept in `directory` if one is given; `persistent` also makes sure of it at creation.
    `config` are settings as in postgresql.conf; they win over ours, and ALTER SYSTEM wins over them.
    """
    with ExitStack() as stack:
        found, user = postgres_engine(), service_user()
        password = password or secrets.token_urlsafe(24)
        if directory is None or socket_directory is None:
            scratch = room(stack.enter_context(scratch_directory("pg")), user)
        data = settle(directory, user) if directory else scratch / "data"
        sockets = private_directory(socket_directory or scratch, user)
        stack.callback(os.close, cluster.lock(data))
        cluster.prepare(found, data, password, user, sync=persistent)
        server = PostgresServer(found, data, sockets, password, {**COMMON, **(config or {})})
        try:
            server.start()
            yield server
        finally:
            if hasattr(server, "process"):
                server.stop()
