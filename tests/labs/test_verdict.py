import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.experiments.base import Figure
from apps.labs.verdict import log_error, verdict

SHARE = Figure("Hit ratio", "%")


def bet(value, low, high):
    return {"figure": "hit_ratio", "value": value, "low": low, "high": high}


def test_a_close_guess_is_called_close():
    assert verdict(SHARE, bet(0.58, 0.5, 0.7), 0.57) == "You bet 58\u00a0%: within 5\u00a0%. Your range held."


def test_a_high_guess_is_called_high_and_a_missed_range_missed():
    said = verdict(SHARE, bet(0.9, 0.8, 0.95), 0.6)
    assert said == "You bet 90\u00a0%: 50\u00a0% too high. The result lies outside your range."


def test_a_guess_of_nothing_has_no_ratio():
    assert log_error(0, 0.5) is None
    assert verdict(SHARE, bet(0, 0, 0.1), 0.5) == "You bet 0\u00a0%. The result lies outside your range."


@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
def test_the_error_is_the_same_both_ways(guess, measured):
    assert log_error(guess, measured) == pytest.approx(log_error(measured, guess))
