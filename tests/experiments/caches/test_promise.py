"""Which theory is promised for which run, and that none is where there is none."""

from math import inf

import pytest

from apps.experiments.caches.expectation import hit_ratio_theory, stay_s
from apps.experiments.caches.promise import expected_figures
from apps.experiments.caches.settings import Settings
from apps.experiments.catalog.caching import experiment

SPAN = (5.0, 20.0)


def settings(**params):
    return Settings.of(experiment.clean(params))


def promised(span=SPAN, **params):
    chosen = settings(**params)
    return expected_figures(chosen, chosen.capacity, span)


def test_small_caches_follow_che():
    assert promised()["hit_ratio"].source == "Che's approximation for LRU"
    assert promised()["hit_ratio"].value == pytest.approx(0.556, abs=0.003)
    assert promised()["db_queries_per_s"].value == pytest.approx(400 * (1 - 0.556), abs=2)


def test_a_write_that_deletes_takes_as_much_as_its_share():
    room_for_all = promised(cache_fraction=1.0, read_fraction=0.8, span=(1e5, 2e5))
    assert room_for_all["hit_ratio"].value == pytest.approx(0.8)
    assert room_for_all["db_queries_per_s"].value == pytest.approx(400 * (0.8 * 0.2 + 0.2))


def test_deleted_copies_leave_room_so_a_small_cache_loses_less_than_their_share():
    small = promised(read_fraction=0.8)["hit_ratio"].value
    assert 0.8 * 0.556 < small < 0.556


def test_writing_both_fills_the_cache_like_reading():
    assert promised(pattern="write-through", read_fraction=0.5)["hit_ratio"].value == pytest.approx(0.556, abs=0.003)


def test_writing_round_the_cache_touches_nothing_in_it():
    alone, besides = settings(offered_rps=200), settings(offered_rps=400, read_fraction=0.5, pattern="read-through")
    assert stay_s(alone, 1_000) == pytest.approx(stay_s(besides, 1_000))


def test_batches_are_one_statement_each():
    behind = promised(pattern="write-behind", read_fraction=0.5, flush_interval_s=2.0)["db_queries_per_s"].value
    through = promised(pattern="write-through", read_fraction=0.5)["db_queries_per_s"].value
    assert through - behind == pytest.approx(200 - 0.5, abs=0.1)


def test_only_what_takes_the_queue_of_write_behind_may_lose_writes():
    crash = {"event": "redis-down", "event_at_s": 10.0, "read_fraction": 0.5}
    assert promised(**crash)["lost_writes"].value == 0
    assert promised(**{**crash, "event": "flush"}, pattern="write-behind")["lost_writes"].value == pytest.approx(100)
    assert promised(pattern="write-behind", read_fraction=0.5)["lost_writes"].value == 0
    lost = promised(pattern="write-behind", flush_interval_s=2.0, **crash)["lost_writes"]
    assert lost.value == pytest.approx(200)  # half of 200 writes a second for two seconds
    assert lost.tolerance > 200  # anything from none to all of them


def test_stale_reads_are_promised_only_where_copies_end_by_time_alone():
    assert "stale_read_fraction" in promised(pattern="read-through", ttl_s=2.0, cache_fraction=1.0, read_fraction=0.8)
    assert promised(pattern="none", read_fraction=0.8)["stale_read_fraction"].value == 0
    for pattern in ("cache-aside", "write-through", "write-behind"):
        assert "stale_read_fraction" not in promised(pattern=pattern, read_fraction=0.8)


@pytest.mark.parametrize(
    "params",
    [
        {"db_cost": "aggregate"},
        {"read_fraction": 0.0},
        {"eviction": "allkeys-lfu"},
        {"eviction": "noeviction", "read_fraction": 0.8},
        {"eviction": "volatile-ttl", "ttl_s": 4.0, "read_fraction": 0.8, "cache_fraction": 0.01},
        {"ttl_s": 6.0, "ttl_jitter": 0.5},
        {"ttl_s": 6.0, "stampede": "stale-while-revalidate"},
    ],
    ids=str,
)
def test_where_there_is_no_theory_none_is_promised(params):
    assert hit_ratio_theory(settings(**params), settings(**params).capacity, SPAN) is None
    assert "hit_ratio" not in promised(**params)


def test_a_flush_costs_the_products_of_a_second_and_an_outage_every_request():
    flush = {"event": "flush", "event_at_s": 10.0, "cache_fraction": 1.0, "objects": 2_000, "offered_rps": 1_000}
    assert promised(**flush)["db_queries_peak_per_s"].value == pytest.approx(480, abs=15)
    assert promised(**{**flush, "event": "redis-down"})["db_queries_peak_per_s"].value == 1_000


def test_with_room_for_all_nothing_ever_goes():
    assert stay_s(settings(cache_fraction=1.0), 10_000) == inf
    assert stay_s(settings(cache_fraction=0.9, read_fraction=0.8), 9_000) == inf


def test_random_eviction_is_promised_with_deletes_too():
    lru, random = (
        promised(eviction=policy, read_fraction=0.8, span=(40.0, 60.0))["hit_ratio"].value
        for policy in ("allkeys-lru", "allkeys-random")
    )
    assert lru - 0.06 < random < lru


@pytest.mark.parametrize("read_fraction", [0.05, 0.5, 0.95])
@pytest.mark.parametrize("ttl_s", [0.5, 10.0])
def test_the_tolerance_of_stale_reads_is_a_share_however_much_is_written(read_fraction, ttl_s):
    hard = {"pattern": "read-through", "cache_fraction": 1.0, "offered_rps": 2_000, "alpha": 1.5}
    theory = promised(**hard, read_fraction=read_fraction, ttl_s=ttl_s)["stale_read_fraction"]
    assert 0 < theory.tolerance < 0.3
    assert 0 < theory.value < 1
