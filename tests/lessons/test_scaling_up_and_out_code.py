"""Does the code in the lesson on scaling keep its state outside the server, and find where a curve turns?"""

import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.backends import cached_db
from django.db import connection
from django.test import override_settings

from apps.core.redis import client as redis_client
from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "foundations/07-scaling-up-and-out"
law = module_of_tab(LESSON, "Python")
carts = module_of_tab(LESSON, "Redis")


@pytest.mark.parametrize(("workers", "times"), [(4, 3.5), (16, 8.6), (32, 10.5), (44, 10.7), (128, 8.3)])
def test_the_table_of_the_lesson(workers, times):
    assert law.speedup(workers, 0.05, 0.0005) == pytest.approx(times, abs=0.06)


def test_the_top_is_where_one_more_begins_to_do_less():
    top = law.most_useful(0.05, 0.0005)
    assert top == pytest.approx(43.6, abs=0.05)
    best = max(range(1, 200), key=lambda n: law.speedup(n, 0.05, 0.0005))
    assert abs(best - top) < 1


def test_a_lock_alone_has_a_ceiling_and_no_top():
    assert law.most_useful(0.05, 0) == float("inf")
    assert law.speedup(128, 0.05, 0) == pytest.approx(17.4, abs=0.05)
    assert law.speedup(10**9, 0.05, 0) == pytest.approx(20, abs=0.01)


@pytest.mark.parametrize("kappa", [0, 0.0005, 0.003])
def test_a_load_test_tells_both_terms(kappa):
    measured = {n: 200 * law.speedup(n, 0.05, kappa) for n in (1, 2, 4, 8, 16)}
    assert law.fit(measured) == pytest.approx((0.05, kappa), abs=1e-9)


def test_a_load_test_with_noise_still_tells_about_where_the_top_is():
    noise = {1: 1, 2: 1.01, 4: 0.99, 8: 1.01, 16: 0.99, 32: 1.0}
    measured = {n: 200 * law.speedup(n, 0.05, 0.0005) * off for n, off in noise.items()}
    assert 30 < law.most_useful(*law.fit(measured)) < 70


@pytest.mark.parametrize(("needed", "growth", "months"), [(1 / 8, 0.03, 70), (1 / 2, 0.03, 23), (1 / 32, 0.02, 175)])
def test_how_long_one_machine_will_do(needed, growth, months):
    assert law.runway_months(needed, 1, growth) == pytest.approx(months, abs=0.5)


@pytest.fixture
def session():
    """The name of a session that nobody else has; its cart is removed afterwards."""
    name = uuid.uuid4().hex
    yield name
    redis_client().delete(f"cart:{name}")


def test_a_cart_is_the_same_on_every_server(session):
    here, there = carts.Carts(redis_client()), carts.Carts(redis_client())
    here.add(session, "tea")
    there.add(session, "tea", 2)
    there.add(session, "cup")
    assert here.content(session) == there.content(session) == {"tea": 3, "cup": 1}
    assert 14 * 86_400 - 60 < redis_client().ttl(f"cart:{session}") <= 14 * 86_400


def test_two_servers_at_once_lose_nothing(session):
    with ThreadPoolExecutor(4) as pool:
        servers = [carts.Carts(redis_client()) for _ in range(4)]
        list(pool.map(lambda number: servers[number % 4].add(session, "tea"), range(100)))
    assert servers[0].content(session) == {"tea": 100}


@pytest.mark.django_db
def test_a_session_is_read_by_a_server_that_did_not_write_it(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "one for all")
    monkeypatch.setenv("REDIS_URL", settings.REDIS_URL)
    lesson = module_of_tab(LESSON, "Django")
    assert cached_db.__name__ == lesson.SESSION_ENGINE
    with override_settings(CACHES=lesson.CACHES, SECRET_KEY=lesson.SECRET_KEY):
        first = cached_db.SessionStore()
        first["user"] = 7
        first.save()
        assert cached_db.SessionStore(first.session_key)["user"] == 7
        first.delete()


@pytest.fixture
def servers():
    """Two connections of servers of their own to a table that both see, made by the lesson's first statement."""
    create, *statements = code_of_tab(LESSON, "SQL", "sql").split(";")
    known = connection.get_connection_params()
    dsn = {name: known[name] for name in ("dbname", "user", "password", "host", "port") if name in known}
    with psycopg.connect(**dsn) as one, psycopg.connect(**dsn) as two:
        one.execute("DROP TABLE IF EXISTS likes")
        one.execute(create)
        one.commit()
        yield one, two, statements
        one.rollback()
        two.rollback()
        one.execute("DROP TABLE likes")


@pytest.mark.django_db
def test_a_hot_row_makes_servers_wait_and_slots_do_not(servers):
    one, two, (_, read, _) = servers
    for slot in (3, 4):
        one.execute("INSERT INTO likes (post, slot) VALUES (7, %s)", (slot,))
    one.commit()
    add = "UPDATE likes SET n = n + 1 WHERE post = 7 AND slot = %s"
    one.execute(add, (3,))
    two.execute("SET lock_timeout = '50ms'")
    two.commit()
    with pytest.raises(psycopg.errors.LockNotAvailable):
        two.execute(add, (3,))
    two.rollback()
    two.execute(add, (4,))
    two.commit()
    one.commit()
    assert one.execute(read).fetchone() == (2,)


@pytest.mark.django_db
def test_likes_are_spread_and_none_is_lost(servers):
    one, _, (write, read, _) = servers
    assert one.execute(read).fetchone() == (0,)
    for _ in range(200):
        one.execute(write)
    assert one.execute(read).fetchone() == (200,)
    assert one.execute("SELECT count(*) FROM likes").fetchone()[0] > 8
