"""Does the code in the lesson on distributed caching keep keys at home, bear a dead node, and spare a hot one?"""

import os
import uuid
from contextlib import ExitStack

import pytest
from django.core.cache import caches

from apps.testbed.redis import redis_server
from tests.lessons.tabs import module_of_tab

LESSON = "building-blocks/11-distributed-caching"
cluster = module_of_tab(LESSON, "Python")
TEN = [f"cache-{number}" for number in range(10)]
KEYS = [f"product:{number}" for number in range(4_000)]


class Clock:
    """A clock that stands still until it is told the time."""

    now = 100.0

    def __call__(self):
        return self.now


class Database:
    """Where values come from; it counts."""

    def __init__(self):
        self.loads = 0

    def __call__(self, key):
        self.loads += 1
        return f"value of {key}".encode()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="module")
def servers():
    with ExitStack() as stack:
        yield [stack.enter_context(redis_server()) for _ in range(3)]


@pytest.fixture
def cache(servers, clock):
    """Two nodes and a gutter, all real and empty."""
    for server in servers:
        if not server.alive():
            server.start()
        server.connect().flushall()
    one, two, gutter = (server.connect() for server in servers)
    return cluster.Cluster({"one": one, "two": two}, gutter, Database(), clock=clock)


def keys_of(name, count):
    return [key for key in KEYS if cluster.owner(key, ["one", "two"]) == name][:count]


def test_keys_are_spread_evenly_and_only_those_of_a_lost_node_move():
    home = {key: cluster.owner(key, TEN) for key in KEYS}
    counts = [list(home.values()).count(name) for name in TEN]
    assert 300 < min(counts) <= max(counts) < 500
    moved = {home[key] for key in KEYS if cluster.owner(key, TEN[:-1]) != home[key]}
    assert moved == {TEN[-1]}
    by_modulo = sum(number % 10 != number % 9 for number in range(9_000)) / 9_000
    assert by_modulo == pytest.approx(0.9)


def test_a_value_is_loaded_once_and_lives_at_home(cache):
    for _ in range(2):
        assert cache.get("product:7") == b"value of product:7"
    assert cache.load.loads == 1
    home = cluster.owner("product:7", cache.nodes)
    assert [name for name, node in cache.nodes.items() if node.exists("product:7")] == [home]


def test_the_keys_of_a_dead_node_are_in_the_gutter_and_it_is_not_asked_again(cache, servers, clock):
    servers[0].crash()
    for _ in range(2):
        for key in keys_of("one", 20):
            assert cache.get(key)
    assert cache.load.loads == 20
    assert cache.gutter.dbsize() == 20
    assert cache.dead_until == {"one": 110.0}
    assert cache.gutter.ttl(keys_of("one", 1)[0]) <= 10
    assert cache.nodes["two"].dbsize() == 0  # the survivors are left alone
    servers[0].start()
    clock.now = 110.0
    cache.get(keys_of("one", 1)[0])
    assert cache.nodes["one"].dbsize() == 1


def test_without_any_cache_there_are_still_answers(cache, servers):
    for server in servers:
        server.crash()
    assert cache.get("product:7") == b"value of product:7"


@pytest.mark.parametrize(("hit_ratio", "nodes", "factor"), [(0.95, 10, 2.9), (0.99, 3, 34.0), (0.96, 8, 4.0)])
def test_the_load_after_a_loss_is_what_the_table_says(hit_ratio, nodes, factor):
    assert cluster.load_factor(hit_ratio, nodes) == pytest.approx(factor)


def test_the_lost_node_costs_what_the_formula_says(cache, servers):
    """Of 4,000 reads with every key cached, those at home on the dead node are loaded."""
    keys = KEYS[:400]
    for key in keys:
        cache.get(key)
    before = cache.load.loads
    servers[1].crash()
    for key in keys:
        cache.get(key)
    assert cache.load.loads - before == len([key for key in keys if cluster.owner(key, ["one", "two"]) == "two"])


def test_a_hot_key_is_asked_once_a_second(clock):
    database = Database()
    near = cluster.Near(database, clock=clock)
    for _ in range(1_000):
        near("hot")
    assert database.loads == 1
    clock.now += 1.0
    near("hot")
    assert database.loads == 2


def test_a_near_cache_stays_small_and_keeps_what_is_asked_for(clock):
    database = Database()
    near = cluster.Near(database, keys=3, clock=clock)
    for number in range(20):
        near("hot")
        near(f"cold:{number}")
    assert len(near.kept) == 3
    assert database.loads == 21


@pytest.fixture
def hot(settings):
    prefix = uuid.uuid4().hex
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": os.environ["REDIS_URL"],
            "KEY_PREFIX": prefix,
        },
        "near": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": prefix, "TIMEOUT": 1},
    }
    module = module_of_tab(LESSON, "Django")
    yield module
    caches["default"].delete_many(["banner", *(f"hot:{number}" for number in range(module.COPIES))])


def test_the_near_copy_answers_after_the_shared_one_is_gone(hot):
    assert hot.banner(lambda: "first") == "first"
    caches["default"].set("banner", "second")
    assert hot.banner(lambda: "third") == "first"
    caches["near"].clear()
    assert hot.banner(lambda: "third") == "second"


def test_every_copy_of_a_hot_key_has_the_value(hot):
    hot.write_hot("hot", 42)
    assert [caches["default"].get(f"hot:{number}") for number in range(8)] == [42] * 8
    caches["default"].delete_many([f"hot:{number}" for number in range(1, 8)])
    assert {hot.read_hot("hot") for _ in range(200)} == {42, None}
