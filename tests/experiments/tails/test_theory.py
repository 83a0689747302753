"""Fan-out and hedging in theory: every row of the reference."""

from math import inf, log

import numpy as np
import pytest

from apps.experiments.tails.leaf import TwoPoint, slower
from apps.experiments.tails.theory import hedged, mean, percentile, slow_pages
from apps.simulator.services import Z99, Deterministic, Exponential, LogNormal

TEN_MS = Exponential(0.010)
STUCK = TwoPoint(0.010, 1.0, 0.01)
WIDE = LogNormal(1.0, np.exp(Z99))  # sigma 1, median 1


@pytest.mark.parametrize(
    ("share", "fan_out", "truth"),
    [(0.01, 10, 0.0956), (0.01, 50, 0.395), (0.01, 100, 0.634), (1e-3, 100, 0.0952), (1e-3, 2_000, 0.865),
     (1e-4, 2_000, 0.181)],
)  # fmt: skip
def test_chances_of_being_fast_multiply(share, fan_out, truth):
    assert slow_pages(TwoPoint(0.010, 1.0, share), 0.1, fan_out, inf) == pytest.approx(truth, abs=5e-4)


@pytest.mark.parametrize(("fan_out", "truth"), [(1, 1.0), (2, 1.5), (5, 2.283), (10, 2.929), (100, 5.187)])
def test_the_slowest_of_n_exponential_times_takes_the_harmonic_sum_of_their_mean(fan_out, truth):
    assert mean(TEN_MS, fan_out, inf) / 0.010 == pytest.approx(truth, abs=1e-3)


def test_the_slowest_hundredth_of_a_page_of_a_hundred_takes_twice_that_of_a_leaf():
    assert percentile(TEN_MS, 0.99, 1, inf) / 0.010 == pytest.approx(4.605, abs=1e-3)
    assert percentile(TEN_MS, 0.99, 100, inf) / 0.010 == pytest.approx(9.205, abs=1e-3)


def test_a_second_call_has_to_be_slow_too():
    assert hedged(STUCK, 0.1, inf) == pytest.approx(1e-2)
    assert hedged(STUCK, 0.1, 0.020) == pytest.approx(1e-4)
    assert slow_pages(STUCK, 0.1, 100, inf) == pytest.approx(0.634, abs=5e-4)
    assert slow_pages(STUCK, 0.1, 100, 0.020) == pytest.approx(0.00995, abs=5e-6)
    assert slower(STUCK, 0.020) == pytest.approx(0.01), "one call in a hundred more"


def test_exponential_calls_hedged_at_their_own_p95():
    after = 0.010 * log(20)
    assert slower(TEN_MS, after) == pytest.approx(0.05)
    plain = [percentile(TEN_MS, share, 1, inf) * 1e3 for share in (0.99, 0.999)]
    asked_twice = [percentile(TEN_MS, share, 1, after) * 1e3 for share in (0.99, 0.999)]
    assert plain == pytest.approx([46.05, 69.08], abs=0.05)
    assert asked_twice == pytest.approx([38.00, 49.52], abs=0.05)
    assert mean(TEN_MS, 1, after) * 1e3 == pytest.approx(9.75, abs=0.01)


def test_lognormal_calls_hedged_at_their_own_p95():
    after = percentile(WIDE, 0.95, 1, inf)
    plain = [percentile(WIDE, share, 1, inf) for share in (0.99, 0.999)]
    asked_twice = [percentile(WIDE, share, 1, after) for share in (0.99, 0.999)]
    assert plain == pytest.approx([10.24, 21.98], rel=0.02)
    assert asked_twice == pytest.approx([6.68, 9.32], rel=0.02)


@pytest.mark.parametrize(("law", "after"), [(STUCK, 0.020), (TEN_MS, 0.015), (WIDE, 3.0), (STUCK, 0.2)])
def test_the_mean_is_that_of_drawn_calls(law, after):
    random = np.random.default_rng(4)
    first, second = law.draw(random, 200_000), law.draw(random, 200_000)
    leaf = np.where(first > after, np.minimum(first, after + second), first)
    page = leaf.reshape(-1, 10).max(axis=1)
    assert mean(law, 10, after) == pytest.approx(page.mean(), abs=4 * page.std() / len(page) ** 0.5)


def test_a_law_without_a_closed_form_is_refused():
    with pytest.raises(TypeError, match="no closed form"):
        slower(Deterministic(1.0), 0.5)
