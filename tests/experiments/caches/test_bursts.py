from dataclasses import replace
from math import e

import pytest

from apps.experiments.caches.bursts import bursts, expected_queries, of_expiries
from apps.experiments.caches.settings import Settings
from apps.experiments.catalog.caching import experiment
from tests.experiments.caches.events import requests_of

SETTINGS = Settings.of(experiment.clean({"event": "hot-key-expires", "objects": 1000, "alpha": 1.0}))


def load(at, takes, product=1):
    return {"due": at, "asked": at, "load": takes, "taken": takes, "found": 0, "product": product}


def test_queries_that_overlap_are_one_burst():
    found = bursts(requests_of(load(1.0, 0.1), load(1.05, 0.02), load(1.08, 0.1), load(2.0, 0.1)), 1)
    assert [(burst.began, burst.queries) for burst in found] == [(1.0, 3), (2.0, 1)]
    assert found[0].first_s == pytest.approx(0.07)  # the second query was the first to end
    assert found[0].last_s == pytest.approx(0.1)  # the third one's answer stays


def test_queries_for_other_products_do_not_count():
    assert [burst.queries for burst in bursts(requests_of(load(1.0, 0.1), load(1.01, 0.1, product=2)), 1)] == [1]


def test_a_product_that_nobody_asked_for_has_no_bursts():
    assert bursts(requests_of(load(1.0, 0.1)), 5) == []


def test_the_event_sets_off_the_bursts_from_then_on():
    requests = requests_of(load(0.5, 0.1), load(5.01, 0.1), load(6.2, 0.1))
    assert [burst.began for burst in of_expiries(SETTINGS, requests, 1, 5.0, (1.0, 5.0))] == [5.01, 6.2]
    assert of_expiries(SETTINGS, requests, 1, None, (1.0, 5.0)) == []


def test_a_time_to_live_sets_off_a_burst_at_each_end():
    mortal = replace(SETTINGS, event="none", ttl_s=2.0)
    requests = requests_of(load(0.5, 0.1), load(3.0, 0.1), load(5.2, 0.1))
    assert [burst.began for burst in of_expiries(mortal, requests, 1, None, (1.0, 9.0))] == [3.0, 5.2]
    assert of_expiries(replace(mortal, ttl_s=0.0), requests, 1, None, (1.0, 9.0)) == []


def test_unprotected_as_many_ask_as_come_until_the_first_answer():
    seen = bursts(requests_of(load(1.0, 0.1), load(1.05, 0.1)), 1)
    theory = expected_queries(replace(SETTINGS, clients=64), seen, 0.1)
    top = 1 / sum(1 / rank for rank in range(1, 1001))
    assert theory.value == pytest.approx(1 + top * 400 * 0.1)


@pytest.mark.parametrize("guard", ["single-flight", "stale-while-revalidate"])
def test_a_guard_leaves_one_exactly(guard):
    theory = expected_queries(replace(SETTINGS, stampede=guard), [], None)
    assert (theory.value, theory.tolerance) == (1.0, 0.0)


def test_early_refresh_leaves_e_whatever_the_traffic():
    early = replace(SETTINGS, stampede="early-refresh")
    seen = bursts(requests_of(load(1.0, 0.2), load(2.0, 0.2), load(3.0, 0.2)), 1)
    for rate in (800, 2000):
        assert expected_queries(replace(early, offered_rps=rate), seen, 0.2).value == pytest.approx(e, rel=0.03)
    assert expected_queries(early, seen, 0.15).value > e  # the first refresh took longer than its copy said


def test_where_a_query_is_over_before_the_next_reader_comes_nobody_refreshes_early():
    early = replace(SETTINGS, stampede="early-refresh")
    seen = bursts(requests_of(load(1.0, 0.0001), load(2.0, 0.0001)), 1)
    assert expected_queries(early, seen, 0.0001).value == pytest.approx(1.0, abs=0.02)


def test_queries_that_slow_each_other_are_beyond_theory():
    seen = bursts(requests_of(load(1.0, 0.5), load(2.0, 0.5)), 1)
    assert expected_queries(replace(SETTINGS, stampede="early-refresh"), seen[:1], 0.1) is None


def test_with_writes_that_delete_the_copy_nothing_is_promised():
    seen = bursts(requests_of(load(1.0, 0.1)), 1)
    assert expected_queries(replace(SETTINGS, read_fraction=0.9), seen, 0.1) is None


def test_more_than_the_connections_can_ask_at_once_is_beyond_theory():
    seen = bursts(requests_of(load(1.0, 0.1), load(1.05, 0.1)), 1)
    plenty = replace(SETTINGS, clients=64)
    assert expected_queries(plenty, seen, 0.1) is not None
    assert expected_queries(replace(plenty, clients=4), seen, 0.1) is None
