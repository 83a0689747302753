from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.quantities import QuantityError, read_quantity, show_number


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("57", "%", 57),
        ("57 %", "%", 57),
        (" 57% ", "%", 57),
        ("1,200", "requests/s", 1200),
        ("1 200 000", "", 1_200_000),
        ("12k", "requests/s", 12_000),
        ("12k requests/s", "requests/s", 12_000),
        ("1.2 s", "ms", 1200),
        ("1200 ms", "s", 1.2),
        ("2 GB", "MB", 2000),
        ("1 GiB", "MiB", 1024),
        ("2.5M", "", 2_500_000),
        ("-3", "", -3),
        (".5", "", 0.5),
        ("1e3", "", 1000),
        ("90 min", "h", 1.5),
    ],
)
def test_numbers_are_read_as_people_write_them(text, unit, number):
    assert read_quantity(text, unit) == pytest.approx(number)


@pytest.mark.parametrize(
    ("text", "unit"), [("", "ms"), ("much", ""), ("5 apples", "ms"), ("5 s", "GB"), ("5 %", ""), ("-", "")]
)
def test_what_is_no_such_number_is_refused_with_a_word_on_what_is(text, unit):
    with pytest.raises(QuantityError, match="Enter a number"):
        read_quantity(text, unit)


@given(st.text(max_size=40), st.sampled_from(["", "%", "ms", "GB"]))
def test_any_text_is_a_number_or_refused(text, unit):
    with suppress(QuantityError):
        assert isinstance(read_quantity(text, unit), float)


@pytest.mark.parametrize(("number", "shown"), [(1000.0, "1,000"), (0.58, "0.58"), (57.0, "57"), (1e6, "1,000,000")])
def test_numbers_are_shown_without_trailing_zeros(number, shown):
    assert show_number(number) == shown
