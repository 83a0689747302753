"""Do the rules of the lesson on database design break and hold as it says, on a real PostgreSQL with two sessions?"""

import os
import uuid

import psycopg
import pytest
from psycopg import IsolationLevel

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "backend-design/04-database-design"
rules = module_of_tab(LESSON, "Python")
COMMITTED, SNAPSHOT = IsolationLevel.READ_COMMITTED, IsolationLevel.REPEATABLE_READ


@pytest.fixture
def connect():
    """A function that opens sessions on the lesson's schema: product 1 has ten pieces, Ada and Bo are on call."""
    schema, sessions = f"rules_{uuid.uuid4().hex}", []

    def open_session(level=COMMITTED):
        options = f"-c search_path={schema} -c lock_timeout=100ms"
        session = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, options=options)
        session.isolation_level = level
        sessions.append(session)
        return session

    first = open_session()
    first.execute(f"CREATE SCHEMA {schema}")
    first.execute(code_of_tab(LESSON, "SQL", "sql"))
    first.execute("INSERT INTO product (sku, name) VALUES ('A-1', 'Lamp')")
    first.execute("INSERT INTO stock VALUES (1, 10)")
    first.execute("INSERT INTO on_call VALUES ('Ada'), ('Bo')")
    yield open_session
    for session in sessions[1:]:
        session.close()
    first.execute(f"DROP SCHEMA {schema} CASCADE")
    first.close()


class Interrupted:
    """A session to which something happens right after its first statement, once."""

    def __init__(self, session, meanwhile):
        self.session, self.meanwhile = session, [meanwhile]

    def __setattr__(self, name, value):
        if name == "isolation_level":
            self.session.isolation_level = value
        else:
            super().__setattr__(name, value)

    def transaction(self):
        return self.session.transaction()

    def execute(self, *statement):
        answer = self.session.execute(*statement)
        if self.meanwhile:
            self.meanwhile.pop()()
        return answer


def pieces(session):
    return session.execute("SELECT pieces FROM stock").fetchone()[0]


def on_duty(session):
    return session.execute("SELECT count(*) FROM on_call WHERE duty").fetchone()[0]


def test_a_careless_sale_is_lost_at_read_committed_and_refused_on_a_snapshot(connect):
    other = connect()
    assert rules.sell_carelessly(Interrupted(connect(), lambda: rules.sell(other, 1)), 1)
    assert pieces(other) == 9  # two were sold
    with pytest.raises(psycopg.errors.SerializationFailure):
        rules.sell_carelessly(Interrupted(connect(SNAPSHOT), lambda: rules.sell(other, 1)), 1)
    assert pieces(other) == 8


def test_one_statement_sells_each_piece_once_and_stops_at_none(connect):
    tills = [connect(), connect()]
    assert [rules.sell(tills[n % 2], 1) for n in range(11)] == [True] * 10 + [False]
    assert pieces(tills[0]) == 0


def test_whoever_locks_the_row_makes_others_wait(connect):
    other = connect()
    with pytest.raises(psycopg.errors.LockNotAvailable):
        rules.sell_if(connect(), 1, approve=lambda _: rules.sell(other, 1))
    assert pieces(other) == 10
    assert rules.sell_if(other, 1, approve=lambda left: left == 10)
    assert pieces(other) == 9


def test_a_count_on_an_old_version_is_refused(connect):
    session = connect()
    assert rules.save_count(session, 1, 7, seen=1)
    assert not rules.save_count(session, 1, 12, seen=1)
    assert session.execute("SELECT pieces, version FROM stock").fetchone() == (7, 2)
    rules.sell(session, 1)  # a sale in between counts as a change, too
    assert not rules.save_count(session, 1, 12, seen=2)
    assert rules.sell_if(session, 1, approve=lambda _: True)
    assert not rules.save_count(session, 1, 12, seen=3)


@pytest.mark.parametrize("level", [COMMITTED, SNAPSHOT])
def test_write_skew_leaves_nobody_on_call(connect, level):
    ada, bo = connect(level), connect(level)
    with ada.transaction():
        assert rules.go_home(Interrupted(ada, lambda: rules.go_home(bo, "Bo")), "Ada")
    assert on_duty(bo) == 0


def test_serializable_runs_it_again_and_then_somebody_stays(connect):
    ada, bo = connect(), connect()
    interrupted = Interrupted(ada, lambda: rules.serializable(bo, lambda conn: rules.go_home(conn, "Bo")))
    assert rules.serializable(interrupted, lambda conn: rules.go_home(conn, "Ada")) is False
    assert on_duty(bo) == 1


def test_a_refusal_is_not_retried_for_ever(connect):
    ada, bo, runs = connect(), connect(), []

    def work(conn):
        runs.append(1)
        rules.sell_carelessly(Interrupted(conn, lambda: rules.sell(bo, 1)), 1)

    with pytest.raises(psycopg.errors.SerializationFailure):
        rules.serializable(ada, work, attempts=3)
    assert len(runs) == 3


def test_the_schema_refuses_what_breaks_its_rules(connect):
    session = connect()
    for broken, error in {
        "INSERT INTO product (sku, name) VALUES ('A-1', 'Other')": psycopg.errors.UniqueViolation,
        "INSERT INTO product (sku, name) VALUES ('A-2', '')": psycopg.errors.CheckViolation,
        "INSERT INTO stock VALUES (99, 1)": psycopg.errors.ForeignKeyViolation,
        "UPDATE stock SET pieces = -1": psycopg.errors.CheckViolation,
    }.items():
        with pytest.raises(error):
            session.execute(broken)


def test_a_foreign_key_without_an_index_reads_the_whole_child_table(connect):
    session = connect()
    session.execute("CREATE TABLE line (n int, product_id bigint REFERENCES product)")
    session.execute("INSERT INTO line SELECT n, 1 FROM generate_series(1, 5000) n")
    session.execute("INSERT INTO product (sku, name) SELECT 'B' || n, 'x' FROM generate_series(1, 2) n")
    seen = "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relid = 'line'::regclass"

    def read_by_deleting(sku):
        with session.transaction():
            session.execute("SET LOCAL enable_seqscan = off")  # the planner would scan so small a table anyway
            before = session.execute(seen).fetchone()[0]
            session.execute("DELETE FROM product WHERE sku = %s", [sku])
            return session.execute(seen).fetchone()[0] - before

    assert read_by_deleting("B1") == 5000
    session.execute("CREATE INDEX ON line (product_id)")
    assert read_by_deleting("B2") == 0


def test_random_keys_make_the_larger_index(connect):
    session, sizes = connect(), []
    for kind, value in (("bigint", "n"), ("uuid", "uuidv7()"), ("uuid", "gen_random_uuid()")):
        session.execute(f"DROP TABLE IF EXISTS k; CREATE TABLE k (id {kind} PRIMARY KEY)")
        for part in range(10):  # in one statement they would be sorted
            session.execute(f"INSERT INTO k SELECT {value} FROM generate_series({part}000 + 1, {part}999 + 1) n")
        sizes.append(session.execute("SELECT pg_relation_size('k_pkey')").fetchone()[0])
    assert sizes[0] < sizes[1] < sizes[2]
