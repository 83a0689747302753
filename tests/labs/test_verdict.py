import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.experiments.base import Figure
from apps.labs.verdict import curve_verdict, verdict

SHARE = Figure("Hit ratio", "%")


def bet(value, low, high):
    return {"figure": "hit_ratio", "value": value, "low": low, "high": high}


def curve(error, inside, measured):
    return {"mean_log_error": error, "inside": inside, "measured": measured, "held": inside / max(1, measured)}


def test_a_close_guess_is_called_close():
    said = verdict(SHARE, bet(0.58, 0.5, 0.7), 0.57)
    assert said == "You bet 58\u00a0%: within 5\u00a0%. Your 80\u00a0% range held."


def test_a_high_guess_is_called_high_and_a_missed_range_missed():
    said = verdict(SHARE, bet(0.9, 0.8, 0.95), 0.6)
    assert said == "You bet 90\u00a0%: 50\u00a0% too high. The result lies outside your 80\u00a0% range."


def test_a_guess_of_nothing_has_no_ratio():
    said = verdict(SHARE, bet(0, 0, 0.1), 0.5)
    assert said == "You bet 0\u00a0%; it came to 50\u00a0%. The result lies outside your 80\u00a0% range."


@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
def test_too_high_one_way_is_as_far_as_too_low_the_other(guess, measured):
    count = Figure("Queries", "/s")
    one = verdict(count, bet(guess, 0, 1e7), measured)
    other = verdict(count, bet(measured, 0, 1e7), guess)
    assert ("within 5" in one) == ("within 5" in other)
    if "too high" in one:
        assert one.split(": ")[1].replace("high", "low") == other.split(": ")[1]


def test_a_curve_is_told_by_its_mean_error_and_what_lay_inside_its_band():
    said = curve_verdict(curve(math.log(1.12), 5, 6))
    assert said == "Your curve was on average 12\u00a0% off. 5 of 6 results lay inside your 80\u00a0% band."


def test_a_band_that_was_too_narrow_is_called_so():
    assert "surer than you could be" in curve_verdict(curve(math.log(3), 1, 6))
    assert "3.0 times" in curve_verdict(curve(math.log(3), 1, 6))


@pytest.mark.parametrize("score", [curve(None, 1, 1)])
def test_a_curve_of_zeros_has_no_ratio(score):
    assert curve_verdict(score) == "1 of 1 result lay inside your 80\u00a0% band."
