"""What becomes of writes, on real servers: in the hit ratio, in stale reads, and when the cache is killed."""

import pytest

from apps.experiments.base import ExperimentError
from apps.experiments.bench import Bench
from apps.experiments.runner import run_experiment
from apps.testbed.redis import redis_server
from tests.experiments.conftest import agrees, as_in_theory, first_that, run_until

pytestmark = pytest.mark.measured

ALL_FIT = {"objects": 1_000, "cache_fraction": 1.0, "offered_rps": 500, "duration_s": 4}
DELETES = {**ALL_FIT, "read_fraction": 0.8}
ROUND = {**ALL_FIT, "pattern": "read-through", "read_fraction": 0.8, "ttl_s": 1, "duration_s": 6}
BOTH = {"objects": 4_000, "offered_rps": 500, "pattern": "write-through", "read_fraction": 0.7, "duration_s": 5}
BEHIND = {**BOTH, "pattern": "write-behind", "flush_interval_s": 0.5}
# With seed 1 the first batch is due after 5 s.
CRASH = {**ALL_FIT, "pattern": "write-behind", "read_fraction": 0.5, "event": "redis-down", "event_at_s": 2}
OUTAGE = {**ALL_FIT, "read_fraction": 0.9, "event": "redis-down", "event_at_s": 2, "duration_s": 7}


SAME = (1, 1, 1)


def two_seconds_lost(result):
    """Return whether about what is written in two seconds, 250 a second, is gone: there was no batch yet."""
    return abs(result.outcome.figures["lost_writes"] - 500) <= 100


@pytest.fixture(scope="module")
def deletes(measure):
    return run_until(map(as_in_theory, ("hit_ratio", "db_queries_per_s")), measure, **DELETES)


@pytest.fixture(scope="module")
def crash(measure):
    return first_that(two_seconds_lost, measure, seeds=SAME, **{**CRASH, "flush_interval_s": 10, "duration_s": 6})


@pytest.fixture(scope="module")
def outage(measure):
    return first_that(as_in_theory("db_queries_peak_per_s"), measure, **OUTAGE)


def test_a_write_that_deletes_the_copy_lowers_the_hit_ratio_to_what_theory_says(deletes):
    assert deletes.outcome.figures["hit_ratio"] < 0.8


def test_the_servers_count_the_same_writes_as_we_do(deletes):
    counted = deletes.outcome.counted
    assert set(counted) == {"database queries", "cache hits", "cache misses", "rows changed"}
    assert all(client == server for client, server in counted.values())


def test_an_acknowledged_write_to_the_database_is_never_lost(deletes, outage):
    for result in (deletes, outage):
        assert result.outcome.figures["lost_writes"] == 0
        assert result.outcome.expected["lost_writes"].tolerance == 0


def test_connections_that_nobody_used_while_the_cache_was_away_do_no_harm(measure):
    rare = {"offered_rps": 50, "clients": 48, "read_fraction": 1.0, "event_at_s": 1, "duration_s": 5}
    outcome = measure(**{**OUTAGE, **rare}).outcome
    assert outcome.figures["completed_per_s"] == outcome.figures["offered_per_s"]
    assert len(set(outcome.counted["database queries"])) == 1


def test_who_writes_round_the_cache_leaves_stale_copies_as_theory_says(measure):
    result = run_until(map(as_in_theory, ("stale_read_fraction", "hit_ratio")), measure, **ROUND)
    assert result.outcome.figures["stale_read_fraction"] > 0.05


def test_writing_both_keeps_copies_fresh_and_fills_the_cache(measure):
    fresh = lambda result: agrees(result, "hit_ratio") and result.outcome.figures["stale_read_fraction"] < 0.005  # noqa: E731
    first_that(fresh, measure, **BOTH)


def test_write_behind_sends_batches_and_loses_nothing_unless_something_crashes(measure):
    result = first_that(as_in_theory("db_queries_per_s"), measure, **BEHIND)
    assert result.outcome.figures["lost_writes"] == 0
    assert all(client == server for client, server in result.outcome.counted.values())
    assert any("never the queue" in caveat for caveat in result.outcome.caveats)


def test_a_crash_takes_every_write_since_the_last_batch(crash):
    figures = crash.outcome.figures
    assert agrees(crash, "lost_writes")
    assert f"{figures['lost_writes']:,.0f} writes" in crash.finding
    assert [exhibit.title for exhibit in crash.outcome.exhibits] == [
        "While the cache was away",
        f"{figures['lost_writes']:,.0f} lost writes",
    ]


def test_emptying_the_cache_takes_the_queue_as_well(measure):
    emptied = {**CRASH, "event": "flush", "flush_interval_s": 10, "duration_s": 3}
    result = first_that(two_seconds_lost, measure, seeds=SAME, **emptied)
    assert "Emptying the cache took" in result.finding
    assert all(client == server for client, server in result.outcome.counted.values())


def test_after_a_crash_readers_get_versions_older_than_what_was_acknowledged(crash):
    assert crash.outcome.figures["stale_read_fraction"] > 0.01


def test_while_the_cache_is_away_every_request_is_served_by_the_database(outage):
    figures = outage.outcome.figures
    assert figures["completed_per_s"] == figures["offered_per_s"]
    assert dict(outage.series["hit_ratio"])[3.5] == 0
    assert figures["recovery_s"] > 2
    client, server = outage.outcome.counted["database queries"]
    assert client == server


def test_a_killed_redis_is_back_for_the_next_run(outage, measure):
    assert measure(duration_s=2).outcome.figures["completed_per_s"] > 0


def test_a_redis_that_is_not_ours_is_not_killed():
    with redis_server() as outside:
        bench = Bench.from_environment(redis_url=outside.url)
        with pytest.raises(ExperimentError, match="not ours to kill"):
            run_experiment(
                "caching", OUTAGE, seed=1, bench=bench, on_sample=lambda sample: None, should_stop=lambda: False
            )
        bench.close()
        assert outside.alive()
