"""Does the code of the URL shortener keep codes unique, copies fresh and clicks counted once?"""

import os

import psycopg
import pytest
import redis

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "interview/03-case-study-url-shortener"
URL = "https://example.org/long"
links = module_of_tab(LESSON, "Python")


@pytest.fixture
def conn():
    with psycopg.connect(os.environ["DATABASE_URL"]) as connected:
        connected.execute(code_of_tab(LESSON, "SQL", "sql"))
        yield connected
        connected.rollback()


@pytest.fixture
def cache():
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.delete("link:autumn", "link:gone", links.CLICKS)
        yield client
        client.delete("link:autumn", "link:gone", links.CLICKS)


def test_a_code_that_is_taken_is_drawn_again(conn):
    links.create(conn, URL, 1, alias="taken")
    draws = iter(["taken", "fresh77"])
    assert links.create(conn, URL, 1, draw=lambda: next(draws)) == "fresh77"


def test_codes_have_seven_characters_of_sixty_two(conn):
    code = links.create(conn, URL, 1)
    assert len(code) == 7
    assert set(code) <= set(links.ALPHABET)
    assert len(links.ALPHABET) == 62


def test_an_alias_belongs_to_the_first(conn):
    links.create(conn, URL, 1, alias="autumn")
    with pytest.raises(links.AliasTaken):
        links.create(conn, "https://example.org/other", 2, alias="autumn")


def test_a_blocked_link_is_gone_at_once_though_it_was_cached(conn, cache):
    links.create(conn, URL, 1, alias="autumn")
    assert links.target(conn, cache, "autumn") == URL
    links.block(conn, cache, "autumn")
    assert links.target(conn, cache, "autumn") is None


def test_a_block_wins_over_a_reader_who_stores_what_it_read_before(conn, cache):
    links.create(conn, URL, 1, alias="autumn")

    class Interrupted:
        def execute(self, *query):
            found = conn.execute(*query)
            links.block(conn, cache, "autumn")
            return found

    links.target(Interrupted(), cache, "autumn")
    assert links.target(conn, cache, "autumn") is None


def test_a_link_ends_after_five_years(conn, cache):
    links.create(conn, URL, 1, alias="autumn")
    conn.execute("UPDATE link SET expires_at = now() - interval '1 second'")
    assert links.target(conn, cache, "autumn") is None


def test_what_is_not_there_is_remembered_for_a_minute(conn, cache):
    assert links.target(conn, cache, "gone") is None
    assert 0 < cache.ttl("link:gone") <= 60


def test_clicks_count_once_though_the_worker_runs_twice(conn, cache):
    links.create(conn, URL, 1, alias="autumn")
    for _ in range(3):
        cache.xadd(links.CLICKS, {"code": "autumn"})
    links.count(conn, cache)
    links.count(conn, cache)
    assert links.clicks(conn, "autumn") == 3


def test_a_worker_that_dies_half_way_leaves_no_trace(conn, cache):
    links.create(conn, URL, 1, alias="autumn")
    cache.xadd(links.CLICKS, {"code": "autumn"})
    with conn.transaction():
        links.count(conn, cache)
        raise psycopg.Rollback
    assert links.clicks(conn, "autumn") == 0
    links.count(conn, cache)
    assert links.clicks(conn, "autumn") == 1
