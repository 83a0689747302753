"""The model beside a caching run: the same requests, the same events, and the gap in words."""

import numpy as np
import pytest

from apps.experiments.caches.beside import lay_beside, replayed, rules
from apps.experiments.caches.gap import gap
from apps.experiments.caches.journal import MISS, Requests
from apps.experiments.caches.settings import Settings
from apps.experiments.catalog.caching import experiment
from apps.simulator.caches.replay import replay

HOTTEST = 1


def settings_of(**params):
    return Settings.of(experiment.clean({"objects": 200, "cache_fraction": 0.1, "duration_s": 10, **params}))


def requests_of(products, writes=None, rate=100.0):
    count = len(products)
    due, none = np.arange(count) / rate, np.full(count, np.nan)
    return Requests(
        due=due,
        ended=due + 0.001,
        answered=np.full(count, True),
        products=np.asarray(products),
        writes=np.full(count, False) if writes is None else np.asarray(writes),
        found=np.full(count, MISS, dtype=np.int8),
        asked=none,
        filled=none,
        alike=np.zeros(count, dtype=np.int16),
        stale=np.full(count, False),
        refused=0,
    )


def zipf(count=1_000):
    return 1 + np.minimum(199, np.random.default_rng(3).zipf(1.3, count))


def model(settings, requests, event_at_s=None, capacity=None):
    return replayed(settings, requests, capacity or settings.capacity, event_at_s, HOTTEST, seed=1)


def test_the_model_of_lru_is_the_replay_of_the_same_products():
    requests = requests_of(zipf())
    assert (model(settings_of(), requests) == replay("lru", requests.products, 20).hits).all()


def test_a_flush_empties_the_model_too():
    settings, requests = settings_of(event="flush", event_at_s=5, cache_fraction=1.0), requests_of(zipf())
    quiet, flushed = model(settings, requests), model(settings, requests, event_at_s=5.0)
    assert (quiet[:500] == flushed[:500]).all()
    first = [np.flatnonzero(requests.products[500:] == product)[0] + 500 for product in set(requests.products[500:])]
    assert not flushed[first].any(), "whatever is asked for first after it is not there"


def test_while_redis_is_down_the_model_hits_nothing_and_stores_nothing():
    settings = settings_of(event="redis-down", event_at_s=5, cache_fraction=1.0)
    hits = model(settings, requests_of([1] * 1_000), event_at_s=5.0)
    assert hits[1:500].all()
    assert not hits[500:701].any(), "two seconds away, and then one read to fetch it"
    assert hits[701:].all()


def test_the_hottest_copy_ends_again_and_again_in_the_model():
    settings = settings_of(event="hot-key-expires", event_at_s=5, cache_fraction=1.0)
    hits = model(settings, requests_of([HOTTEST] * 1_000), event_at_s=5.0)
    assert np.flatnonzero(~hits).tolist() == [0, 500, 600, 700, 800, 900]


@pytest.mark.parametrize(
    ("pattern", "hit"),
    [("cache-aside", False), ("write-through", True), ("write-behind", True), ("read-through", True)],
)
def test_a_write_does_to_the_copy_what_the_pattern_says(pattern, hit):
    requests = requests_of([5, 5, 5], writes=[False, True, False])
    assert model(settings_of(pattern=pattern, read_fraction=0.5), requests).tolist() == [False, False, hit]


@pytest.mark.parametrize(
    ("params", "policy"),
    [
        ({}, "lru"),
        ({"eviction": "allkeys-lfu"}, "lfu"),
        ({"eviction": "allkeys-random"}, "random"),
        ({"eviction": "volatile-ttl", "ttl_s": 2}, "next-to-end"),
        ({"eviction": "noeviction"}, "refuse"),
    ],
)
def test_each_eviction_has_its_exact_counterpart(params, policy):
    assert rules(settings_of(**params), 20).policy == policy


def test_the_model_stands_beside_the_run_from_its_first_second_to_its_last():
    settings, requests = settings_of(), requests_of(zipf())
    beside = lay_beside(settings, requests, [18, 20, 19], None, HOTTEST, seed=1)
    points = [point["model_hit_ratio"] for point in beside.points()]
    assert (points[0][0], points[-1][0], len(points)) == (0.25, 10.0, 40)
    last = replay("lru", requests.products, 20).hits[900:]
    assert points[-1][1] == pytest.approx(last.mean(), abs=1e-4)
    assert beside.held == 19
    assert beside.hits_as_held.sum() < beside.hits.sum(), "a smaller cache hits less"
    told = beside.gap({"hit_ratio": 0.5}, (1.0, 10.0))
    assert "Redis held 19 products, 20 were planned" in told


def test_without_a_cache_or_without_reads_there_is_nothing_to_say():
    assert lay_beside(settings_of(pattern="none"), requests_of([1, 2]), [], None, HOTTEST, 1) is None
    written = lay_beside(settings_of(read_fraction=0.0), requests_of([1, 2], writes=[True, True]), [], None, HOTTEST, 1)
    assert written.gap({}, (0.0, 10.0)) == ""
    assert written.figures((0.0, 10.0)) == {}


def test_the_gap_names_what_applies_and_nothing_else():
    told = gap(settings_of(ttl_s=1), 0.50, 0.52, 0.515, held=float("nan"), together=0.01)
    assert "The other 1.5 points: a copy lives from the moment when it is stored" in told
    assert "1 % of the reads asked the database while another" in told
    assert "ten keys" not in told, "nothing was evicted"
    assert "planned" not in told
    told = gap(settings_of(), 0.50, 0.52, 0.50, held=18.0, together=0.0)
    assert "less than a tenth of a point" in told
    assert "ten keys drawn at random" in told
