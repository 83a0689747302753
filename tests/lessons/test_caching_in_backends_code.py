"""Does the code in the lesson on caching in backends rebuild once, drop groups, and warm what is wanted?"""

import itertools
import json
import os
from contextlib import suppress

import pytest
import redis
from django.core.cache import CacheHandler

from apps.testbed.redis import redis_server
from tests.lessons.tabs import module_of_tab

LESSON = "backend-design/05-caching-in-backends"
shop = module_of_tab(LESSON, "Python")
ROOM, LOCKS, PAGES = 1_000_000, 100, 5_000


@pytest.fixture(scope="module")
def server():
    with redis_server() as running:
        yield running.connect()


@pytest.fixture
def cache(server):
    server.config_set("maxmemory", 0)
    server.config_set("maxmemory-policy", "noeviction")
    server.flushall()
    return server


def test_one_rebuilds_and_the_others_get_the_old_copy(cache):
    assert shop.rebuild(cache, "report", lambda: "old") == "old"
    met = []

    def load():
        met.append(shop.rebuild(cache, "report", lambda: pytest.fail("loaded twice"), fresh_s=0))
        return "new"

    assert shop.rebuild(cache, "report", load, fresh_s=0) == "new"
    assert met == ["old"]
    assert shop.rebuild(cache, "report", lambda: pytest.fail("it is fresh")) == "new"
    assert not cache.exists("report:lock")


def test_a_rebuild_that_fails_frees_the_lock_but_not_that_of_a_successor(cache):
    with pytest.raises(ZeroDivisionError):
        shop.rebuild(cache, "report", lambda: 1 / 0)
    assert not cache.exists("report:lock")
    shop.rebuild(cache, "report", lambda: cache.set("report:lock", "a successor's"))
    assert cache.get("report:lock") == b"a successor's"


def test_a_group_is_dropped_at_once_and_another_is_not(cache):
    loads = itertools.count(1)

    def read(group):
        return shop.page(cache, group, 3, lambda _: next(loads))

    assert [read("lamps"), read("chairs"), read("lamps")] == [1, 2, 1]
    shop.drop(cache, "lamps")
    assert [read("lamps"), read("chairs")] == [3, 2]


def test_a_version_that_was_evicted_does_not_bring_old_pages_back(cache):
    loads = itertools.count(1)

    def read():
        return shop.page(cache, "lamps", 3, lambda _: next(loads))

    assert [read(), read()] == [1, 1]
    cache.delete("lamps:version")
    assert [read(), read()] == [2, 2]
    shop.drop(cache, "lamps")
    assert read() == 3


def test_the_most_wanted_are_warmed_first_and_nothing_newer_is_overwritten(cache):
    for number in range(30):
        for _ in range(30 - number):
            shop.note_read(cache, f"p{number}", share=1.0)
    cache.set("p1", json.dumps("newer"))
    batches, pauses = [], []

    def load_many(keys):
        batches.append(keys)
        return {key: f"row of {key}" for key in keys}

    assert shop.warm(cache, cache, load_many, top=20, batch=10, per_s=500, sleep=pauses.append) == 19
    assert batches == [[f"p{n}" for n in range(10)], [f"p{n}" for n in range(10, 20)]]
    assert json.loads(cache.get("p1")) == "newer"
    assert not cache.exists("p20")
    assert pauses == [10 / 500] * 2


def locks_left(cache, policy, **ttl):
    """Set locks, write pages beyond the room, and return how many locks are still held and pages refused."""
    cache.config_set("maxmemory-policy", policy)
    for number in range(LOCKS):
        cache.set(f"lock:{number}", "token", px=60_000)
    cache.config_set("maxmemory", cache.info("memory")["used_memory"] + ROOM)
    refused = 0
    with cache.pipeline(transaction=False) as pipe:
        for number in range(PAGES):
            pipe.set(f"page:{number}", "x" * 400, **ttl)
        for answer in pipe.execute(raise_on_error=False):
            refused += isinstance(answer, redis.exceptions.OutOfMemoryError)
    return sum(cache.exists(f"lock:{number}") for number in range(LOCKS)), refused


def test_locks_are_what_a_full_cache_gives_up_first(cache):
    left, refused = locks_left(cache, "volatile-ttl", ex=300)
    assert left < 20
    assert refused == 0


def test_without_eviction_locks_stay_and_pages_are_refused(cache):
    left, refused = locks_left(cache, "noeviction", ex=300)
    assert left == LOCKS
    assert refused > PAGES / 4


def test_pages_without_an_end_fill_a_volatile_cache_for_good(cache):
    left, refused = locks_left(cache, "volatile-lru")
    assert left == 0
    assert refused > PAGES / 4
    assert cache.get("page:0")  # reads go on


def test_small_keys_take_a_fraction_of_the_room_in_hashes(cache):
    used = []
    for name in ("plain", "packed"):
        cache.flushall()
        before = cache.info("memory")["used_memory"]
        with cache.pipeline(transaction=False) as pipe:
            for number in range(10_000):
                if name == "plain":
                    pipe.set(f"media:{number}", 939_000 + number)
                else:
                    pipe.hset(f"media:{number // 100}", number % 100, 939_000 + number)
            pipe.execute()
        used.append(cache.info("memory")["used_memory"] - before)
    assert used[0] > 4 * used[1]


def test_the_two_caches_of_the_django_tab_are_two(cache):
    settings = module_of_tab(LESSON, "Django", COPIES_URL=os.environ["REDIS_URL"], STATE_URL=os.environ["REDIS_URL"])
    caches = CacheHandler(settings.CACHES)
    with suppress(KeyError):
        caches["state"].delete("k")
    caches["default"].set("k", 1)
    assert caches["default"].get("k") == 1
    assert caches["default"].get("k", version=8) is None  # a raised VERSION reads nothing of the old
    assert caches["state"].get("k") is None
    caches["default"].delete("k")
    assert settings.SESSION_CACHE_ALIAS in settings.CACHES
