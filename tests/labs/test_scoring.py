import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.labs.scoring import log_error, score, score_curve, score_number

POSITIVE = st.floats(1e-6, 1e6)


def curve(*ys, within=0.1):
    return {"figure": "hit_ratio", "param": "alpha", "curve": [[x, y] for x, y in enumerate(ys)], "within": within}


@given(POSITIVE, POSITIVE)
def test_twice_too_much_is_as_far_off_as_half(guess, result):
    assert log_error(guess, result) == pytest.approx(log_error(result, guess))
    assert log_error(guess, guess) == 0


@pytest.mark.parametrize(("guess", "result"), [(0, 1), (1, 0), (-1, 1), (0, 0)])
def test_where_a_ratio_says_nothing_there_is_no_error(guess, result):
    assert log_error(guess, result) is None


def test_a_number_is_scored_by_its_ratio_and_by_whether_its_range_held():
    guess = {"figure": "hit_ratio", "value": 0.8, "low": 0.7, "high": 0.85}
    assert score_number(guess, 0.4) == {"log_error": pytest.approx(math.log(2)), "held": False}
    assert score_number(guess, 0.85)["held"] is True


def test_a_curve_is_scored_over_the_points_that_have_a_result():
    told = score_curve(curve(1.0, 0.5, 0.2), [0.5, 0.55, None])
    assert told["mean_log_error"] == pytest.approx((math.log(2) + math.log(1.1)) / 2)
    assert (told["inside"], told["measured"], told["held"]) == (1, 2, 0.5)


def test_a_zero_has_no_ratio_but_lies_inside_the_band_or_not():
    told = score_curve(curve(0.0, 0.5), [0.05, 0.5])
    assert told == {"mean_log_error": 0.0, "held": 1.0, "inside": 2, "measured": 2}


def test_a_curve_of_which_nothing_was_measured_has_no_score():
    assert score(curve(1.0, 2.0), [None, None]) is None
    assert score_curve(curve(1.0), [None])["held"] is None


@given(st.lists(st.tuples(POSITIVE, POSITIVE), min_size=1, max_size=12), st.floats(0, 10))
def test_a_wider_band_never_holds_less(pairs, more):
    ys, results = [y for y, _ in pairs], [result for _, result in pairs]
    narrow, wide = (score_curve(curve(*ys, within=within), results) for within in (1.0, 1.0 + more))
    assert narrow["inside"] <= wide["inside"]
    assert narrow["mean_log_error"] == wide["mean_log_error"]


def test_no_bet_has_no_score():
    assert score(None, [0.5]) is None
