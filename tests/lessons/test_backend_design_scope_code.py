"""Does the check of silent defaults in the lesson on scope find what nobody has decided, on real servers?"""

import os

import psycopg
import pytest
import redis

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "backend-design/01-backend-design-scope"
defaults = module_of_tab(LESSON, "Python")


@pytest.fixture
def conn():
    with psycopg.connect(os.environ["DATABASE_URL"]) as connected:
        yield connected
        connected.rollback()


@pytest.fixture
def cache():
    with redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True) as client:
        yield client


def named(found):
    return {name for name, _, _ in found}


def test_it_tells_what_still_decides_for_us(conn, cache):
    for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        conn.execute(f"SET {name} = 0")
    found = defaults.undecided(conn, cache)
    assert {"postgres statement_timeout", "postgres lock_timeout"} <= named(found)
    assert ("postgres statement_timeout", "0", "5s") in found


def test_what_was_decided_is_no_longer_named(conn, cache):
    for name, value in defaults.WANTED_POSTGRES.items():
        conn.execute("SELECT set_config(%s, %s, false)", [name, value])
    assert not any(name.startswith("postgres") for name in named(defaults.undecided(conn, cache)))


def test_the_statements_of_the_lesson_are_ones_that_postgresql_takes(conn):
    conn.execute(code_of_tab(LESSON, "SQL", "sql"))
    kept = conn.execute(
        "SELECT setconfig FROM pg_db_role_setting WHERE setdatabase = 0 AND setrole = current_user::regrole"
    )
    assert "statement_timeout=5s" in kept.fetchone()[0]
