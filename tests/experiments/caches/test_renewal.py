from math import inf

import numpy as np
import pytest

from apps.experiments.caches.renewal import Copies, answers
from apps.experiments.zipf import draw, popularity

SHARE = popularity(500, 0.9)
RATE, DURATION, SINCE = 400.0, 8.0, 3.0
ONE = np.array([1.0])


def copies(reads, ttl=inf, jitter=0.0, grace=0.0, on_write="nothing"):
    return Copies(SHARE * RATE * reads, SHARE * RATE * (1 - reads), ttl, jitter, grace, on_write)


def replayed(reads, ttl=inf, jitter=0.0, grace=0.0, on_write="nothing"):
    """Return shares of hits, stale reads and loads in an exact replay, request by request."""
    rounds = [replay(reads, ttl, jitter, grace, on_write, np.random.default_rng(seed)) for seed in range(6)]
    return np.mean(rounds, axis=0)


def replay(reads, ttl, jitter, grace, on_write, random):
    count = random.poisson(RATE * DURATION)
    times, wanted = np.sort(random.random(count) * DURATION), draw(SHARE, count, random)
    version, copy, seen = np.zeros(len(SHARE)), {}, []

    def store(product, now):
        lives = ttl * (1 + jitter * (random.random() - 0.5)) if ttl < inf else inf
        copy[product] = (now + lives, version[product])

    for now, product in zip(times, wanted.tolist(), strict=True):
        if random.random() >= reads:
            version[product] += 1
            if on_write == "deletes":
                copy.pop(product, None)
            elif on_write == "refills":
                store(product, now)
            continue
        ends, got = copy.get(product, (-inf, 0))
        hit = now < ends + grace
        if now >= SINCE:
            seen.append((hit, hit and got < version[product], now >= ends))
        if now >= ends:
            store(product, now)
    return np.mean(seen, axis=0)


@pytest.mark.parametrize(
    "case",
    [
        {"reads": 1.0, "ttl": 1.0},
        {"reads": 1.0, "ttl": 1.0, "jitter": 1.0},
        {"reads": 0.8, "ttl": 1.0},
        {"reads": 0.8, "ttl": 2.0, "on_write": "deletes"},
        {"reads": 0.8, "ttl": 1.0, "on_write": "refills"},
        {"reads": 0.8, "on_write": "deletes"},
        {"reads": 0.8, "on_write": "refills"},
        {"reads": 1.0, "ttl": 0.5, "grace": 2.0},
        {"reads": 0.9, "ttl": 0.5, "grace": 2.0, "on_write": "deletes"},
    ],
    ids=str,
)
def test_theory_agrees_with_a_replay(case):
    found = answers(copies(**case), np.linspace(SINCE, DURATION, 40))
    theory = [float(row.mean()) for row in (found.hits, found.stale, found.loads)]
    assert theory == pytest.approx(replayed(**case).tolist(), abs=0.012)


@pytest.mark.parametrize(("lambda_t", "hit_ratio"), [(1, 0.5), (2, 2 / 3), (5, 5 / 6), (10, 10 / 11)])
def test_in_the_long_run_one_product_hits_as_the_closed_form_says(lambda_t, hit_ratio):
    one = Copies(ONE * lambda_t, ONE * 0, 1.0, 0.0, 0.0, "nothing")
    assert answers(one, np.array([100.0])).hits[0] == pytest.approx(hit_ratio, abs=0.008)


def test_without_end_by_time_a_copy_is_there_if_the_last_request_was_a_read():
    found = answers(copies(0.75, on_write="deletes"), np.array([1e6]))
    assert found.hits[0] == pytest.approx(0.75)


def test_the_hottest_products_follow_the_same_formula_as_the_rest():
    hot = Copies(ONE * 1_000, ONE * 0, 10.0, 0.0, 0.0, "nothing")
    assert answers(hot, np.array([50.0])).loads[0] == pytest.approx(1 / 10_001, rel=1e-3)


def test_stale_copies_of_a_hot_product_swing_with_its_age():
    hot = Copies(ONE * 1_000, ONE * 1.0, 10.0, 0.0, 0.0, "nothing")
    young, old = answers(hot, np.array([10.1, 19.9])).stale
    assert young == pytest.approx(1 - np.exp(-0.1), abs=0.01)
    assert old == pytest.approx(1 - np.exp(-9.9), abs=0.01)
