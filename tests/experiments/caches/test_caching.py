"""The caching lab from end to end on real servers. Runs are shared: each takes seconds."""

import os
import signal
from pathlib import Path

import pytest

from apps.experiments.base import ExperimentError
from apps.experiments.runner import Stopped
from tests.experiments.conftest import agrees, as_in_theory, first_that, run_until
from tests.site import until

pytestmark = pytest.mark.measured

# 1,000 reads a second over so many products that an unread one stays above 3 s: shorter, and Redis's LRU clock of
# whole seconds would be too coarse.
LRU = {"objects": 18_000, "cache_fraction": 0.1, "offered_rps": 1_000, "duration_s": 8}
FLUSH = {
    "objects": 1_000,
    "cache_fraction": 1.0,
    "offered_rps": 500,
    "duration_s": 7,
    "event": "flush",
    "event_at_s": 4,
}
TTL = {"objects": 2_000, "cache_fraction": 1.0, "ttl_s": 1, "duration_s": 5}


def answered(result):
    """Return whether every request had its answer before the run ended: a machine that stalls for a second is late."""
    return result.outcome.figures["completed_per_s"] == result.outcome.figures["offered_per_s"]


@pytest.fixture(scope="module")
def lru(measure):
    return run_until([answered, as_in_theory("hit_ratio")], measure, **LRU)


@pytest.fixture(scope="module")
def flush(measure):
    return first_that(as_in_theory("db_queries_peak_per_s"), measure, **FLUSH)


@pytest.fixture(scope="module")
def ttl(measure):
    return first_that(as_in_theory("hit_ratio"), measure, **TTL)


@pytest.fixture(scope="module")
def uncached(measure):
    return first_that(answered, measure, pattern="none", duration_s=2)


def test_the_hit_ratio_of_redis_agrees_with_che(lru):
    assert lru.outcome.expected["hit_ratio"].source == "Che's approximation for LRU"
    assert lru.outcome.expected["hit_ratio"].tolerance < 0.03


@pytest.mark.parametrize(("run", "within"), [("lru", 0.03), ("ttl", 0.02), ("flush", 0.02)])
def test_the_model_of_the_same_requests_hits_about_as_often_and_the_gap_is_told(run, within, request):
    result = request.getfixturevalue(run)
    outcome = result.outcome
    assert outcome.figures["model_hit_ratio"] == pytest.approx(outcome.figures["hit_ratio"], abs=within)
    assert f"the same requests in the simulator, seed {result.seed}" in outcome.model
    assert "The model of the same requests" in outcome.gap
    assert len(result.series["model_hit_ratio"]) == 4 * result.params["duration_s"]


def test_without_a_cache_there_is_nothing_to_lay_over(uncached):
    assert (uncached.outcome.model, uncached.outcome.gap) == ("", "")
    assert "model_hit_ratio" not in {*uncached.series, *uncached.outcome.figures}


def test_the_memory_limit_holds_as_many_products_as_were_asked_for(lru):
    assert lru.outcome.figures["cached_keys"] == pytest.approx(1_800, rel=0.03)


@pytest.mark.parametrize("run", ["lru", "flush", "ttl", "uncached"])
def test_the_servers_count_the_same_hits_misses_and_queries_as_we_do(run, request):
    counted = request.getfixturevalue(run).outcome.counted
    assert counted["database queries"][0] > 0
    assert set(counted) == ({"database queries"} if run == "uncached" else {*counted, "cache hits", "cache misses"})
    assert all(client == server for client, server in counted.values())


def test_every_read_is_answered_and_timed(lru):
    figures = lru.outcome.figures
    assert figures["offered_per_s"] == pytest.approx(1_000, rel=0.05)
    assert 0.01 < figures["read_p50_ms"] < figures["read_p99_ms"]


def test_points_come_four_times_a_second(lru):
    times = [time for time, _ in lru.series["hit_ratio"]]
    assert times == [tick / 4 for tick in range(1, 33)]
    measured = {"hit_ratio", "db_queries_per_s", "identical_queries", "read_p50_ms", "read_p99_ms"}
    assert set(lru.series) == {*measured, "model_hit_ratio"}


def test_the_cold_cache_answers_less_than_the_full_one(lru):
    hit_ratios = [value for _, value in lru.series["hit_ratio"]]
    assert hit_ratios[0] < lru.outcome.figures["hit_ratio"] - 0.1


def test_after_a_flush_each_product_asked_for_costs_one_query(flush):
    steady, peak = flush.outcome.figures["db_queries_per_s"], flush.outcome.figures["db_queries_peak_per_s"]
    assert peak > 2 * steady


def test_the_hit_ratio_falls_at_the_flush_and_comes_back(flush):
    live = dict(flush.series["hit_ratio"])
    assert live[5.0] < live[4.0] - 0.2
    assert 1.0 <= flush.outcome.figures.get("recovery_s", 3.0) <= 3.0
    assert "Emptying the cache turned" in flush.finding


def test_a_time_to_live_agrees_with_the_renewal_formula(ttl):
    assert "renewal" in ttl.outcome.expected["hit_ratio"].source


def test_without_a_cache_every_read_is_a_query(uncached):
    assert uncached.outcome.figures["hit_ratio"] == 0
    assert agrees(uncached, "hit_ratio")
    assert uncached.outcome.counted["database queries"][0] == 2 * uncached.outcome.figures["offered_per_s"]


def test_a_full_cache_that_may_not_evict_refuses_writes_and_goes_on(measure):
    small = {"objects": 1_000, "cache_fraction": 0.2, "offered_rps": 500, "duration_s": 3}
    result = first_that(answered, measure, eviction="noeviction", **small)
    assert any("refused" in caveat for caveat in result.outcome.caveats)
    assert 0 < result.outcome.figures["hit_ratio"] < 1


def test_the_passport_names_the_servers_and_the_code(lru):
    passport = lru.as_json()["passport"]
    assert passport["redis"].startswith(("Redis ", "Valkey "))
    assert passport["postgres"].startswith("PostgreSQL ")
    assert {"code", "host", "load_before", "load_after", "started_at", "duration_s", "trials"} <= set(passport)


def test_equal_seeds_ask_for_the_same_products_at_the_same_times(measure, uncached):
    again = measure(seed=uncached.seed, pattern="none", duration_s=2)
    assert again.outcome.figures["offered_per_s"] == uncached.outcome.figures["offered_per_s"]


def test_stopping_in_the_middle_leaves_the_servers_ready_for_the_next_run(measure, bench):
    seen = []
    with pytest.raises(Stopped) as stopped:
        measure(duration_s=60, on_sample=seen.append, should_stop=lambda: len(seen[-1].points) > 0)
    assert len(stopped.value.series["db_queries_per_s"]) == 1
    with bench.redis() as redis:
        assert redis.keys() == 0
        assert redis.control.config_get("maxmemory")["maxmemory"] == "0"
        until(lambda: len(redis.control.client_list()) == 1, within_s=30, what="only the lab's own client is left")
    with bench.postgres() as postgres:
        sessions = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        until(
            lambda: postgres.control.execute(sessions).fetchone()[0] == 1, within_s=30, what="only our session is left"
        )


def server_of(engine, bench):
    """Return the process id of a warm server."""
    if engine == "redis":
        return bench.warm_redis.server.info("server")["process_id"]
    data = bench.warm_postgres.server.control.execute("SHOW data_directory").fetchone()[0]
    return int(Path(data, "postmaster.pid").read_text().split()[0])


@pytest.mark.parametrize(("engine", "name"), [("redis", "Redis"), ("postgres", "PostgreSQL")])
def test_a_server_killed_during_a_run_is_named_and_replaced(engine, name, measure, bench):
    with bench.redis(), bench.postgres():
        pass  # both are up

    def kill_at_the_first_point(sample):
        if sample.points:
            os.kill(server_of(engine, bench), signal.SIGKILL)

    with pytest.raises(ExperimentError, match=rf"{name} stopped answering \d\.\d s into the run"):
        measure(duration_s=30, on_sample=kill_at_the_first_point)
    assert measure(duration_s=2).outcome.figures["completed_per_s"] > 0
