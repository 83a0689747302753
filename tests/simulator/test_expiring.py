"""Exact caches with lives and writes: held against closed forms, against the replay without lives, and by hand."""

from math import exp, inf

import numpy as np
import pytest

from apps.simulator.caches.popularity import draw, popularity
from apps.simulator.caches.replay import replay
from apps.simulator.caches.theory import fifo, lru, overall, random
from apps.simulator.expiring import ExpiringCache, Rules

SHARE = popularity(1_000, 0.9)
REQUESTS, WARM_UP = 60_000, 20_000


def cache(seed=1, **rules):
    return ExpiringCache(Rules(**{"capacity": 100, **rules}), np.random.default_rng(seed))


def hits_of(one, requests=REQUESTS, seed=2):
    """Return hits of requests that come once a second."""
    keys = draw(SHARE, requests, np.random.default_rng(seed)).tolist()
    return np.array([one.read(float(now), key) for now, key in enumerate(keys)]), np.array(keys)


def test_without_lives_it_hits_as_the_fast_replay_does():
    hits, keys = hits_of(cache(policy="lru"))
    assert (hits == replay("lru", keys, 100).hits).all()


@pytest.mark.parametrize(
    ("rules", "theory"),
    [
        ({"policy": "random"}, lambda: random(SHARE, 100)),
        ({"policy": "lru", "lives_s": 400.0}, lambda: lru(SHARE, 100, 400.0)),
        ({"policy": "random", "lives_s": 400.0}, lambda: random(SHARE, 100, 400.0)),
        ({"policy": "next-to-end", "lives_s": 5_000.0}, lambda: fifo(SHARE, 100, 5_000.0)),
        ({"capacity": 1_000, "lives_s": 500.0}, lambda: lru(SHARE, 1_000, 500.0)),
    ],
)
def test_it_hits_as_often_as_theory_says(rules, theory):
    hits, _ = hits_of(cache(**rules))
    assert hits[WARM_UP:].mean() == pytest.approx(overall(SHARE, theory()[0]), abs=0.01)


def test_frequent_objects_stay_where_counts_decide():
    by_count, by_age = (hits_of(cache(policy=policy))[0][WARM_UP:].mean() for policy in ("lfu", "lru"))
    assert by_count > by_age + 0.05
    assert by_count < SHARE[:100].sum()


@pytest.mark.parametrize("lives", [1.0, 2.0, 5.0])
def test_with_grace_only_the_first_read_misses_and_without_it_each_first_read_after_an_end_does(lives):
    random = np.random.default_rng(4)
    one, at = cache(capacity=1, lives_s=lives, grace_s=1e9), np.cumsum(random.standard_exponential(2_000))
    assert [one.read(now, 0) for now in at].count(False) == 1
    one = cache(capacity=1, lives_s=lives)
    ratio = np.mean([one.read(now, 0) for now in np.cumsum(random.standard_exponential(40_000))])
    assert ratio == pytest.approx(lives / (1 + lives), abs=0.01)


def test_a_write_deletes_refills_or_goes_round():
    for on_write, found in (("deletes", False), ("refills", True), ("nothing", False)):
        one = cache(on_write=on_write)
        one.write(0.0, 7)
        assert one.read(1.0, 7) is found
        one.write(2.0, 7)
        assert one.read(3.0, 7) is (on_write != "deletes")


def test_a_refusing_cache_keeps_what_came_first():
    one = cache(capacity=2, policy="refuse")
    assert [one.read(float(now), key) for now, key in enumerate([1, 2, 3, 3, 1, 2])] == [False] * 4 + [True] * 2


def test_it_never_holds_more_than_it_has_room_for_and_can_be_emptied():
    one = cache(capacity=10, policy="random", lives_s=50.0, jitter=0.5)
    for now, key in enumerate(draw(SHARE, 3_000, np.random.default_rng(5)).tolist()):
        one.read(float(now), key)
        assert len(one.copies) <= 10
        assert all(copy.gone > now for copy in one.copies.values())
    one.empty()
    assert not any(one.read(5_000.0, key) for key in range(10))


def test_jitter_spreads_the_ends_over_its_share_of_the_life():
    one = cache(capacity=10_000, lives_s=10.0, jitter=0.4)
    for key in range(2_000):
        one.store(0.0, key)
    ends = np.array([copy.ends for copy in one.copies.values()])
    assert 8.0 <= ends.min() < 8.1
    assert 11.9 < ends.max() <= 12.0
    assert ends.mean() == pytest.approx(10.0, abs=0.1)


def test_a_single_object_may_live_shorter_than_the_others():
    one = cache(lives_s=inf)
    one.short_lives[3] = 1.0
    assert [one.read(now, 3) for now in (0.0, 0.9, 1.0, 1.5, 2.0)] == [False, True, False, True, False]


def test_poisson_reads_that_renew_a_copy_at_once_hit_as_a_sliding_life_would():
    """With writes that refill at every read the copy ends only after a gap of its whole life: 1 - exp(-rate x life)."""
    one, hits = cache(capacity=1, lives_s=2.0, on_write="refills"), []
    for now in np.cumsum(np.random.default_rng(6).standard_exponential(40_000)):
        hits.append(one.read(now, 0))
        one.write(now, 0)
    assert np.mean(hits) == pytest.approx(1 - exp(-2.0), abs=0.01)
