from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.experiments.zipf import popularity
from apps.simulator.caches import theory
from tests.experiments.caches.exact_caches import replay

# Reference values for 100,000 objects: alpha, capacity, LRU (Che), RANDOM and FIFO, perfect LFU.
KNOWN = [
    (0.8, 1_000, 0.20433, 0.17921, 0.33953),
    (0.8, 10_000, 0.46869, 0.42837, 0.59502),
    (1.0, 1_000, 0.50617, 0.46479, 0.61914),
    (1.0, 10_000, 0.73734, 0.70102, 0.80955),
    (1.2, 1_000, 0.79533, 0.76269, 0.85156),
    (1.2, 10_000, 0.91757, 0.89993, 0.94256),
]


@pytest.mark.parametrize(("alpha", "capacity", "lru", "random", "lfu"), KNOWN)
def test_hit_ratios_agree_with_the_published_closed_forms(alpha, capacity, lru, random, lfu):
    share = popularity(100_000, alpha)
    assert theory.overall(share, theory.lru(share, capacity)[0]) == pytest.approx(lru, abs=6e-6)
    assert theory.overall(share, theory.random(share, capacity)[0]) == pytest.approx(random, abs=6e-6)
    assert theory.overall(share, theory.fifo(share, capacity)[0]) == pytest.approx(random, abs=6e-6)
    assert theory.perfect_lfu(share, capacity) == pytest.approx(lfu, abs=6e-6)


@pytest.mark.parametrize(("ttl_s", "hit_ratio"), [(1, 0.3012), (10, 0.5311), (60, 0.7087), (600, 0.9012)])
def test_a_time_to_live_gives_the_renewal_formula(ttl_s, hit_ratio):
    share = popularity(10_000, 1.0)
    assert theory.overall(share, theory.ttl(share, 100 * ttl_s)) == pytest.approx(hit_ratio, abs=5e-5)


@pytest.mark.parametrize(("lambda_t", "hit_ratio"), [(1, 0.5), (2, 2 / 3), (5, 5 / 6), (10, 10 / 11)])
def test_one_object_that_lives_for_so_many_requests(lambda_t, hit_ratio):
    assert theory.ttl(np.array([1.0]), lambda_t)[0] == pytest.approx(hit_ratio)


@settings(max_examples=60, deadline=None)
@given(
    objects=st.integers(20, 400),
    alpha=st.floats(0, 1.5),
    fraction=st.floats(0.05, 0.95),
    policy=st.sampled_from([theory.lru, theory.random, theory.fifo]),
    lives=st.one_of(st.just(inf), st.floats(1, 1e5)),
)
def test_a_cache_never_holds_more_than_fits_nor_beats_the_best_choice(objects, alpha, fraction, policy, lives):
    share, capacity = popularity(objects, alpha), max(1, int(objects * fraction))
    hit, _ = policy(share, capacity, lives)
    assert hit.sum() <= capacity * 1.0001
    assert -1e-9 <= theory.overall(share, hit) <= theory.perfect_lfu(share, capacity) + 1e-4


def test_a_cache_with_room_for_all_and_no_time_to_live_always_hits():
    hit, stay = theory.lru(popularity(50, 1.0), 50)
    assert (hit == 1).all()
    assert stay == inf


@pytest.mark.parametrize("lives", [3_200, 6_000])
def test_lru_with_a_time_to_live_agrees_with_a_replay(lives):
    share = popularity(10_000, 0.9)
    hit, _ = theory.lru(share, 1_000, lives)
    hits = np.mean([replay(share, 1_000, 20_000, "lru", lives, seed)[lives:].mean() for seed in range(2)])
    assert theory.overall(share, hit) == pytest.approx(hits, abs=0.008)
