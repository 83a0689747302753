"""Which PostgreSQL does a run measure? One of our own that stays warm between runs, or a schema on an outside one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg.sql import SQL, Identifier

from apps.experiments.base import ExperimentError
from apps.testbed.postgres import PostgresServer, postgres_server

SCHEMA = "tradeoff_lab"
MARK = "Throw-away tables of Tradeoff's labs"
QUIET = {"autovacuum": "off", "jit": "off", "checkpoint_timeout": "30min", "max_wal_size": "2GB"} | {
    "max_connections": "100"  # a stampede of 64 clients, and room for our own
}
SESSION = f"-c search_path={SCHEMA} -c jit=off -c max_parallel_workers_per_gather=0"
ANSWER_TIMEOUT_S = 5
REPORTS_ON_DEMAND = 150_000  # PostgreSQL 15

Connection = psycopg.Connection[Any]


class LabPostgres:
    """A PostgreSQL whose schema `tradeoff_lab` one run has for itself. Tables stay from run to run."""

    def __init__(
        self, connect: Callable[..., Connection], answers: Callable[[], bool], own: PostgresServer | None = None
    ) -> None:
        self._connect, self._answers, self._own = connect, answers, own
        self.control = self._own_schema()
        version = self.control.info.parameter_status("server_version") or "?"
        self.name = f"PostgreSQL {version.split()[0]}"

    def alive(self) -> bool:
        """Return whether the server answers, a new client and our own connection alike."""
        try:
            return self._answers() and self.control.execute("SELECT 1").fetchone() is not None
        except psycopg.Error:
            return False

    def connect(self) -> Connection:
        """Return a new connection in our schema that commits each statement and prepares it at first use."""
        return self._connect(autocommit=True, options=SESSION, prepare_threshold=0, connect_timeout=ANSWER_TIMEOUT_S)

    @property
    def pid(self) -> int | None:
        """Return the number of the server's first process; None if the server is not ours."""
        return self._own.process.pid if self._own else None

    def loaded(self, table: str, label: str) -> bool:
        """Return whether `table` exists and was marked with `label` when it was loaded."""
        row = self.control.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", [table]).fetchone()
        return row is not None and row[0] == label

    def mark_loaded(self, table: str, label: str) -> None:
        """Note on the table itself what it holds: other processes, and runs after a crash, can trust that."""
        self.control.execute(SQL("COMMENT ON TABLE {} IS {}").format(Identifier(table), label))

    def reads(self, table: str) -> int:
        """Return how often the server has begun to read `table`, as its own statistics count it.

        A session reports with a delay of up to a second, or when it ends; ours reports at once.
        """
        return self._counted("seq_scan + coalesce(idx_scan, 0)", table)

    def writes(self, table: str) -> int:
        """Return how many rows of `table` the server has changed, as its own statistics count it; see `reads`."""
        return self._counted("n_tup_upd", table)

    def _counted(self, what: LiteralString, table: str) -> int:
        if self.control.info.server_version >= REPORTS_ON_DEMAND:
            self.control.execute("SELECT pg_stat_force_next_flush()")
        row = self.control.execute(
            SQL("SELECT {} FROM pg_stat_user_tables WHERE schemaname = %s AND relname = %s").format(SQL(what)),
            [SCHEMA, table],
        ).fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Close our own connection."""
        self.control.close()

    def _own_schema(self) -> Connection:
        """Return a connection to a schema that is marked ours. Raises ExperimentError if somebody else has it."""
        control = self.connect()
        control.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(SCHEMA)))
        row = control.execute(
            "SELECT obj_description(to_regnamespace(%s), 'pg_namespace'), "
            "exists (SELECT FROM pg_class WHERE relnamespace = to_regnamespace(%s))",
            [SCHEMA, SCHEMA],
        ).fetchone()
        mark, used = row or (None, False)
        if mark != MARK and used:
            control.close()
            raise ExperimentError(f"The schema {SCHEMA} at LAB_POSTGRES_DSN is not ours. Use another database.")
        control.execute(SQL("COMMENT ON SCHEMA {} IS {}").format(Identifier(SCHEMA), MARK))
        return control


@contextmanager
def own_postgres() -> Iterator[LabPostgres]:
    """Start a throw-away PostgreSQL. Raises EngineMissing or EngineError of testbed."""
    with postgres_server(config=QUIET) as server, closing(LabPostgres(server.connect, server.alive, server)) as lab:
        yield lab


@contextmanager
def outside_postgres(dsn: str) -> Iterator[LabPostgres]:
    """Use the schema `tradeoff_lab` of the database at `dsn`. Raises ExperimentError if it cannot be used."""

    def connect(**options: Any) -> Connection:
        return psycopg.connect(dsn, **options)

    try:
        lab = LabPostgres(connect, lambda: True)
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise ExperimentError(f"Cannot use the PostgreSQL at LAB_POSTGRES_DSN: {reason}") from error
    try:
        yield lab
    finally:
        lab.close()
