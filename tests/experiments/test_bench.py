import os
import signal

import psycopg
import pytest
import redis

from apps.experiments.base import ExperimentError
from apps.experiments.bench import Bench
from apps.experiments.lab_postgres import SCHEMA
from apps.experiments.placement import OURSELVES, cores, pinned
from apps.testbed.postgres import postgres_server
from apps.testbed.redis import redis_server


@pytest.fixture(scope="module")
def outside():
    """A Redis that is not the bench's own."""
    with redis_server() as server:
        yield server


@pytest.fixture
def strangers_redis(outside):
    client = outside.connect()
    yield client
    client.flushall()
    client.close()


@pytest.fixture
def guest(outside):
    bench = Bench.from_environment(redis_url=outside.url)
    yield bench
    bench.close()


def test_parts_of_a_run_draw_independently_and_repeatably():
    bench = Bench.from_environment().seeded(5)
    first = bench.random("arrivals").random(3).tolist()
    assert bench.random("arrivals").random(3).tolist() == first
    assert bench.random("products").random(3).tolist() != first
    assert bench.seeded(6).random("arrivals").random(3).tolist() != first


def test_servers_stay_warm_from_run_to_run(bench):
    with bench.redis() as first, bench.postgres() as first_postgres:
        pass
    assert bench.warm("redis")
    assert bench.warm("postgres")
    with bench.redis() as second, bench.postgres() as second_postgres:
        assert second is first
        assert second_postgres is first_postgres


def test_a_run_finds_an_empty_redis_with_its_original_settings(bench):
    with bench.redis() as server:
        pipeline = server.control.pipeline(transaction=False)
        for number in range(100_000):
            pipeline.set(f"tradeoff:{number}", "x" * 100)
        pipeline.execute()
        server.configure({"maxmemory": "50000000", "maxmemory-policy": "allkeys-lfu"})
    with bench.redis() as server:
        assert server.keys() == 0
        assert server.control.config_get("maxmemory*")["maxmemory-policy"] == "noeviction"


def test_a_run_finds_room_on_an_outside_redis_that_a_killed_run_left_small(guest, strangers_redis):
    strangers_redis.config_set("maxmemory", "3000000")
    strangers_redis.config_set("maxmemory-policy", "allkeys-random")
    with guest.redis() as server:
        now = {**server.control.config_get("maxmemory"), **server.control.config_get("maxmemory-policy")}
        assert now == {"maxmemory": "0", "maxmemory-policy": "noeviction"}
    assert strangers_redis.config_get("maxmemory")["maxmemory"] == "3000000"
    strangers_redis.config_set("maxmemory", "0")
    strangers_redis.config_set("maxmemory-policy", "noeviction")


@pytest.mark.skipif(len(cores()) < 2, reason="one core: there is nowhere else to be")
def test_a_redis_that_was_started_again_on_the_core_of_its_run_leaves_it(bench):
    with bench.redis() as server, pinned({"client": (0, [OURSELVES])}):
        server.crash()
        server.revive()
        assert len(os.sched_getaffinity(server.pid)) == 1
    assert os.sched_getaffinity(server.pid) == set(cores())


def test_a_server_that_died_between_runs_is_replaced(bench):
    with bench.redis() as server:
        os.kill(server.info("server")["process_id"], signal.SIGKILL)
    with bench.redis() as server:
        assert server.alive()


def test_an_outside_redis_is_used_if_it_is_empty_and_left_as_it_was(guest, strangers_redis):
    strangers_redis.config_set("maxmemory", "123456789")
    with guest.redis() as server:
        server.control.set("tradeoff:a", 1)
        server.configure({"maxmemory": "50000000"})
        assert strangers_redis.dbsize() == 1
    assert strangers_redis.dbsize() == 0
    assert strangers_redis.config_get("maxmemory")["maxmemory"] == "123456789"


def test_an_outside_redis_with_keys_of_a_lab_that_was_cut_short_is_used(guest, strangers_redis):
    strangers_redis.set("tradeoff:product:000001", "left")
    with guest.redis() as server:
        assert server.keys() == 0


@pytest.mark.parametrize("database", [0, 3])
def test_an_outside_redis_that_somebody_uses_is_refused_and_not_touched(database, guest, outside, strangers_redis):
    with outside.connect(db=database) as stranger:
        stranger.set("cart:7", "two shirts")
        with pytest.raises(ExperimentError, match="in use"), guest.redis():
            pass
        assert stranger.get("cart:7") == b"two shirts"


def test_an_outside_server_that_is_not_there_is_refused_in_one_line():
    bench = Bench.from_environment("redis://127.0.0.1:1/0", "host=127.0.0.1 port=1 dbname=x")
    with pytest.raises(ExperimentError, match="Cannot use the Redis at LAB_REDIS_URL") as refused, bench.redis():
        pass
    assert "\n" not in str(refused.value)
    with pytest.raises(ExperimentError, match="Cannot use the PostgreSQL") as refused, bench.postgres():
        pass
    assert "\n" not in str(refused.value)


def test_an_outside_postgres_lends_one_schema_and_nothing_else():
    with postgres_server() as server, server.connect() as stranger:
        stranger.execute("CREATE TABLE product (id int)")
        bench = Bench.from_environment(postgres_dsn=server.dsn)
        with bench.postgres() as lab:
            lab.control.execute("CREATE TABLE product (id int, body text)")
        bench.close()
        where = stranger.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'product'").fetchall()
        assert sorted(where) == [("public",), (SCHEMA,)]
        stranger.execute(f"COMMENT ON SCHEMA {SCHEMA} IS 'somebody else''s'")
        with pytest.raises(ExperimentError, match="not ours"), bench.postgres():
            pass


def test_closing_the_bench_stops_its_servers():
    bench = Bench.from_environment()
    with bench.redis() as cache, bench.postgres() as postgres:
        pass
    bench.close()
    with pytest.raises((redis.RedisError, OSError)):
        cache.connect().ping()
    with pytest.raises(psycopg.OperationalError):
        postgres.connect()
