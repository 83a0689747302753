"""Do the steps of the lesson on migrations hold on a real PostgreSQL, and does a waiting lock stop readers?"""

import os
import threading

import psycopg
import pytest

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "production/07-migrations"
migrate = module_of_tab(LESSON, "Python")
SCHEMA = f"migrated_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"  # workers share a database
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE %s"


def connect():
    return psycopg.connect(os.environ["DATABASE_URL"], options=f"-c search_path={SCHEMA}")


@pytest.fixture
def conn():
    """A connection to a schema of its own with a table of orders."""
    with connect() as connected:
        connected.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        connected.execute(f"CREATE SCHEMA {SCHEMA}")
        connected.execute("CREATE TABLE orders (id bigint PRIMARY KEY, address text NOT NULL)")
        connected.execute("INSERT INTO orders SELECT i, 'Lane ' || i || ', Leeds, LS1' FROM generate_series(1, 50) i")
        connected.commit()
        yield connected
        connected.rollback()
        connected.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
        connected.commit()


def until(conn, likeness, count=1):
    """Wait until so many statements like this wait for a lock."""
    for _ in range(2_000):
        if conn.execute(WAITING, [likeness]).fetchone()[0] >= count:
            return
        conn.rollback()
        threading.Event().wait(0.01)
    pytest.fail(f"nothing like {likeness} waits")


def test_who_comes_after_a_waiting_migration_waits_too(conn):
    """A report reads; an ALTER waits for it; a reader waits for the ALTER, and goes on when that gives up."""
    with connect() as report, connect() as altering, connect() as reading:
        report.execute("SELECT count(*) FROM orders")
        alter = threading.Thread(target=refused, args=[altering])
        alter.start()
        until(conn, "ALTER TABLE orders%")
        read = threading.Thread(target=reading.execute, args=["SELECT 1 FROM orders LIMIT 1"])
        read.start()
        until(conn, "SELECT 1 FROM orders%")
        alter.join(timeout=60)
        read.join(timeout=60)
        assert not read.is_alive(), "the reader goes on once the migration has given up"


def refused(conn):
    with pytest.raises(psycopg.errors.LockNotAvailable):
        migrate.alter(conn, "ALTER TABLE orders ADD COLUMN city text", tries=1, lock_timeout="3s")


def test_a_migration_that_gave_up_is_tried_again(conn):
    with connect() as report, connect() as altering:
        report.execute("SELECT count(*) FROM orders")
        migrate.time = type("Clock", (), {"sleep": staticmethod(lambda seconds: report.rollback())})
        assert migrate.alter(altering, "ALTER TABLE orders ADD COLUMN city text", lock_timeout="100ms") == 2


def test_old_rows_are_filled_in_batches_and_a_second_run_finds_nothing(conn):
    conn.execute(code_of_tab(LESSON, "SQL", "sql"))
    rests = []
    assert migrate.backfill(conn, size=20, rest=lambda: rests.append(1)) == 50
    assert len(rests) == 3
    assert migrate.backfill(conn) == 0
    assert migrate.differences(conn) == []


def test_what_differs_is_found(conn):
    conn.execute(code_of_tab(LESSON, "SQL", "sql"))
    migrate.backfill(conn)
    conn.execute("UPDATE orders SET city = 'York' WHERE id = 7")
    assert migrate.differences(conn) == [7]


def test_the_release_that_runs_today_goes_on_after_the_expansion(conn):
    conn.execute(code_of_tab(LESSON, "SQL", "sql"))
    conn.execute("INSERT INTO orders VALUES (99, 'Lane 99, Leeds, LS1')")
    conn.execute("UPDATE orders SET address = 'Lane 7b, Leeds, LS1' WHERE id = 7")


def test_a_check_that_is_not_valid_stops_old_releases_on_new_rows_and_on_old_ones(conn):
    conn.execute(code_of_tab(LESSON, "SQL", "sql"))
    conn.execute("ALTER TABLE orders ADD CHECK (city IS NOT NULL) NOT VALID")
    for old in ("INSERT INTO orders VALUES (99, 'Lane 99, Leeds, LS1')", "UPDATE orders SET address = '' WHERE id = 7"):
        with pytest.raises(psycopg.errors.CheckViolation), conn.transaction():
            conn.execute(old)


def test_once_all_is_filled_the_column_can_be_made_to_stay_so(conn):
    conn.execute(code_of_tab(LESSON, "SQL", "sql"))
    migrate.backfill(conn)
    conn.execute(code_of_tab(LESSON, "SQL, much later", "sql"))
    with pytest.raises(psycopg.errors.NotNullViolation), conn.transaction():
        conn.execute("UPDATE orders SET city = NULL WHERE id = 7")


def test_an_index_whose_build_gave_up_is_left_behind_and_if_not_exists_is_content_with_it(conn):
    build = "CREATE INDEX CONCURRENTLY IF NOT EXISTS by_address ON orders (address)"
    valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'by_address'::regclass"
    conn.autocommit = True
    conn.execute("SET lock_timeout = '100ms'")
    with connect() as old:
        old.execute("UPDATE orders SET address = address WHERE id = 7")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            conn.execute(build)
        old.rollback()
    conn.execute(build)
    assert conn.execute(valid).fetchone() == (False,)
    conn.autocommit = False


@pytest.mark.parametrize(
    ("change", "rewrites"),
    [
        ("ADD COLUMN b int NOT NULL DEFAULT 7", False),
        ("ADD COLUMN r float DEFAULT random()", True),
        ("ALTER COLUMN id TYPE int", True),
        ("DROP COLUMN address", False),
    ],
)
def test_a_table_is_copied_exactly_where_the_lesson_says_so(conn, change, rewrites):
    file = "SELECT pg_relation_filenode('orders')"
    before = conn.execute(file).fetchone()
    conn.execute(f"ALTER TABLE orders {change}")
    assert (conn.execute(file).fetchone() != before) is rewrites
