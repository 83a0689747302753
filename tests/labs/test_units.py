import pytest

from apps.experiments.base import Figure
from apps.labs.units import read_number, shown

SHARE = Figure("Hit ratio", "%")
TIME = Figure("p99", "ms")


@pytest.mark.parametrize(("value", "text"), [(0.5714, "57.1\u00a0%"), (0, "0\u00a0%"), (1, "100\u00a0%")])
def test_a_share_is_shown_in_per_cent(value, text):
    assert shown(SHARE, value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(4.812, "4.81\u00a0ms"), (1234.5, "1,234\u00a0ms"), (0.0421, "0.0421\u00a0ms")]
)
def test_a_number_keeps_its_significant_digits(value, text):
    assert shown(TIME, value) == text


@pytest.mark.parametrize("typed", ["75", " 75 % ", "75%", "75.0"])
def test_a_share_is_typed_in_per_cent(typed):
    assert read_number(SHARE, typed) == pytest.approx(0.75)


def test_thousands_may_be_separated():
    assert read_number(TIME, "1,200 ms") == 1200


@pytest.mark.parametrize("typed", ["4,8", "1,20", "12,00.5", ",5"])
def test_a_comma_is_never_read_as_a_decimal_point_nor_dropped(typed):
    with pytest.raises(ValueError, match="comma"):
        read_number(TIME, typed)


def test_words_are_refused():
    with pytest.raises(ValueError, match="most"):
        read_number(SHARE, "most")
