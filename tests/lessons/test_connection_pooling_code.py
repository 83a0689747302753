"""Does the pool of the lesson lend, limit, clean and refuse on a real PostgreSQL, and are its sums right?"""

import os
import threading

import psycopg
import pytest
from django.db import connections
from django.db.utils import ConnectionHandler

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "production/03-connection-pooling"
pools = module_of_tab(LESSON, "Python")
PID = "SELECT pg_backend_pid()"


@pytest.fixture
def make_pool():
    """A function that makes pools on the test's server; their connections are closed in the end."""
    opened = []

    def connect():
        opened.append(psycopg.connect(os.environ["DATABASE_URL"]))
        return opened[-1]

    def make(size, **options):
        pool = pools.Pool(connect, size, **options)
        pool.opened = opened
        return pool

    yield make
    for conn in opened:
        conn.close()


def pid(conn):
    return conn.execute(PID).fetchone()[0]


def test_requests_share_what_was_opened_before(make_pool):
    pool = make_pool(2)
    assert len(pool.opened) == 2
    for _ in range(5):
        with pool.connection() as conn:
            pid(conn)
    assert len(pool.opened) == 2


def test_whoever_finds_none_is_refused_and_the_place_comes_back_after_an_error(make_pool):
    pool = make_pool(1, wait=0.01)
    with pool.connection(), pytest.raises(pools.PoolExhausted), pool.connection():
        pass
    with pytest.raises(ZeroDivisionError), pool.connection():
        raise ZeroDivisionError
    with pool.connection() as conn:
        assert pid(conn)


def test_the_next_borrower_finds_nothing_of_the_one_before(make_pool):
    pool = make_pool(1)
    with pool.connection() as conn:
        first = pid(conn)
        conn.execute("CREATE TEMPORARY TABLE draft (n int)")  # never committed
        conn.rollback()
        conn.execute("SET app.tenant = '7'")
        conn.commit()
    with pool.connection() as conn:
        assert pid(conn) == first
        assert conn.execute("SELECT current_setting('app.tenant', true)").fetchone()[0] in (None, "")
        assert conn.execute("SELECT to_regclass('draft')").fetchone() == (None,)


def test_a_dead_connection_and_an_old_one_are_replaced(make_pool):
    pool = make_pool(1)
    with pool.connection() as conn:
        first = pid(conn)
        conn.commit()
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    with pool.connection() as conn:
        second = pid(conn)
    pool.lifetime = 0
    with pool.connection() as conn:
        assert len({first, second, pid(conn)}) == 3


def refused(pool):
    """Let two threads borrow one each and then a second; return how many were refused."""
    both_have_one, errors = threading.Barrier(2), []

    def request():
        try:
            with pool.connection():
                both_have_one.wait()
                with pool.connection():
                    pass
        except pools.PoolExhausted as error:
            errors.append(error)

    threads = [threading.Thread(target=request) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(errors)


def test_two_threads_with_two_each_lock_up_with_two_and_not_with_three(make_pool):
    assert refused(make_pool(2, wait=0.2)) >= 1
    assert refused(make_pool(3, wait=10)) == 0


@pytest.mark.parametrize(
    ("size", "share", "p99"), [(5, 0.55, 16), (6, 0.285, 6.7), (8, 0.059, 1.8), (10, 0.009, 0), (20, 0, 0)]
)
def test_the_waits_are_those_of_the_table(size, share, p99):
    assert pools.waiting(size, 4) == pytest.approx(share, abs=0.005)
    assert pools.wait_p99(size, 4, hold=4) == pytest.approx(p99, abs=0.1)


def test_the_size_follows_rate_and_hold_and_ends_at_the_cores():
    assert pools.pool_size(1000, 0.004, cores=8) == 8
    assert pools.pool_size(1000, 0.012, cores=8) == 16
    with pytest.raises(ValueError, match="40 busy"):
        pools.pool_size(1000, 0.04, cores=8)
    assert [pools.pool_size(busy, 1, cores=99) for busy in (16, 40)] == [24, 53]


def backends_of_two_requests(settings):
    """Return the processes that serve two requests of a Django with these settings, on this test's server."""
    here = connections["default"].settings_dict
    settings |= {name: here[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    handler, pids = ConnectionHandler({"default": settings}), []
    for _ in range(2):
        connection = handler["default"]
        with connection.cursor() as cursor:
            cursor.execute(PID)
            pids.append(cursor.fetchone()[0])
        connection.close_if_unusable_or_obsolete()  # what Django does at the end of a request
    handler.close_all()
    return pids


@pytest.mark.django_db
def test_django_connects_for_each_request_unless_told_otherwise():
    names = {}
    exec(code_of_tab(LESSON, "Django"), names)
    kept = names["DATABASES"]["default"]
    assert len(set(backends_of_two_requests({**kept}))) == 1
    assert len(set(backends_of_two_requests({**kept, "CONN_MAX_AGE": 0}))) == 2
