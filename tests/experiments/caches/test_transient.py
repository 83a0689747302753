from math import inf

import numpy as np
import pytest

from apps.experiments.caches import transient
from apps.experiments.zipf import popularity
from apps.simulator.caches import theory
from tests.experiments.caches.exact_caches import replay

SHARE = popularity(3_000, 0.9)
CAPACITY = 300
REQUESTS = 4_000
SPANS = [(0, 400), (400, 1_200), (1_200, 4_000)]


def replayed(policy, lives=inf, capacity=CAPACITY):
    return np.mean([replay(SHARE, capacity, REQUESTS, policy, lives, seed) for seed in range(12)], axis=0)


def assert_follows(hits, expected):
    for first, last in SPANS:
        assert expected[first:last].mean() == pytest.approx(hits[first:last].mean(), abs=0.016)


def times():
    return np.arange(REQUESTS, dtype=float)


def test_lru_from_empty():
    fills_at = theory.lru(SHARE, CAPACITY)[1]
    assert_follows(replayed("lru"), transient.keeping_recent(SHARE, times(), fills_at))


def test_a_cache_that_refuses_when_full_hits_like_lru():
    fills_at = theory.lru(SHARE, CAPACITY)[1]
    assert_follows(replayed("refuse"), transient.keeping_recent(SHARE, times(), fills_at))


def test_random_eviction_from_empty():
    assert_follows(replayed("random"), transient.evicting_at_random(SHARE, times(), CAPACITY))


def test_first_in_first_out_from_empty():
    assert_follows(replayed("fifo"), transient.evicting_oldest(SHARE, times(), CAPACITY, inf))


def test_a_time_to_live_from_empty():
    everything = len(SHARE)
    expected = transient.evicting_oldest(SHARE, times(), inf, 700)
    assert_follows(replayed("lru", lives=700, capacity=everything), expected)


def test_first_in_first_out_with_a_time_to_live_that_ends_first():
    assert_follows(replayed("fifo", lives=350), transient.evicting_oldest(SHARE, times(), CAPACITY, 350))


def test_in_the_long_run_the_steady_state_comes_out():
    late = np.array([60_000.0])
    steady = theory.overall(SHARE, theory.random(SHARE, CAPACITY)[0])
    assert transient.evicting_at_random(SHARE, late, CAPACITY)[0] == pytest.approx(steady, abs=0.003)
    steady = theory.overall(SHARE, theory.ttl(SHARE, 700))
    assert transient.evicting_oldest(SHARE, late / 10, inf, 700)[0] == pytest.approx(steady, abs=0.006)


def test_groups_keep_every_object_and_all_of_the_popularity():
    value, count = transient.grouped(popularity(100_000, 1.0))
    assert count.sum() == 100_000
    assert (value * count).sum() == pytest.approx(1)
