import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.labs.spread import MOST_GRID, bands, quantile, read_off, rising, spread

NUMBERS = st.floats(-1e6, 1e6).map(lambda value: round(value, 6))
SERIES = st.lists(st.tuples(st.floats(0, 60).map(lambda x: round(x, 2)), NUMBERS), min_size=1, max_size=40)


@given(st.lists(NUMBERS, min_size=1, max_size=60), st.floats(0, 1))
def test_quantiles_are_numpys(values, share):
    assert quantile(values, share) == pytest.approx(np.quantile(values, share), rel=1e-9, abs=1e-6)


@given(st.lists(NUMBERS, min_size=1, max_size=60))
def test_the_spread_lies_in_order_within_what_was_measured(values):
    told = spread(values)
    assert min(values) <= told["p5"] <= told["median"] <= told["p95"] <= max(values)


@given(NUMBERS, st.integers(1, 20))
def test_trials_that_agree_have_no_spread(value, times):
    assert spread([value] * times) == {"median": value, "p5": value, "p95": value}


def test_nothing_measured_has_no_spread():
    assert spread([]) == {"median": None, "p5": None, "p95": None}


@given(st.lists(SERIES, min_size=1, max_size=6))
def test_a_band_rises_in_time_and_stays_within_what_its_trials_measured(several):
    band = bands([{"hit_ratio": series} for series in several])["hit_ratio"]
    ys = [y for series in several for _, y in series]
    slack = 1e-6 * (1 + max(map(abs, ys)))
    xs = [x for x, *_ in band]
    assert xs == sorted(xs)
    assert len(band) <= MOST_GRID
    for x, median, p5, p95 in band:
        assert max(min(x for x, _ in series) for series in several) - 0.001 <= x
        assert x <= min(max(x for x, _ in series) for series in several) + 0.001
        assert min(ys) - slack <= p5 <= median <= p95 <= max(ys) + slack


@given(SERIES, st.integers(1, 5))
def test_the_band_of_equal_trials_is_their_line(series, times):
    line = rising(series)
    for x, median, p5, p95 in bands([{"a": series}] * times)["a"]:
        assert p5 == median == p95 == read_off(line, x)


def test_trials_that_sample_at_different_times_are_read_off_between_their_points():
    slow, fast = [[0, 0], [10, 10]], [[step, 3 * step] for step in range(11)]
    band = bands([{"a": slow}, {"a": fast}])["a"]
    assert [x for x, *_ in band] == [0, 2, 4, 6, 8, 10], "as many points as the two have in the middle"
    assert band[2] == [4, 8.0, pytest.approx(4.4), pytest.approx(11.6)], "4 and 12: the median between them"


def test_trials_that_cover_no_common_time_have_no_band():
    assert bands([{"a": [[0, 1], [1, 1]]}, {"a": [[5, 1], [6, 1]]}]) == {"a": []}


def test_a_series_that_one_trial_lacks_is_told_of_the_others():
    assert bands([{"a": [[0, 1], [1, 1]]}, {}])["a"] == [[0, 1, 1, 1], [1, 1, 1, 1]]


def test_of_two_points_at_the_same_moment_the_later_one_counts():
    assert rising([[1, 5], [0, 2], [1, 7]]) == [[0, 2], [1, 7]]


def test_no_trials_have_no_bands():
    assert bands([]) == {}
    assert math.isclose(read_off([[0, 2]], 9), 2), "one point says the same everywhere"
