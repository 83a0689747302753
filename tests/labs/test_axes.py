import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.experiments.base import Figure, Prediction
from apps.labs.axes import is_log, spacing


@pytest.mark.parametrize(
    ("values", "how"),
    [
        ((0, 0.5, 1.0, 1.5), "linear"),
        ((0.01, 0.1, 1.0), "log"),
        ((1, 2, 4, 8, 16), "log"),
        ((0, 1, 2, 500, 1000), "even"),
        (("local", "redis"), "even"),
        ((3, 9), "linear"),
    ],
)
def test_swept_values_stand_well_apart(values, how):
    assert spacing(values) == how


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=12, unique=True).map(sorted))
def test_neighbours_on_a_scale_are_never_crowded(values):
    how = spacing(values)
    places = {"linear": values, "log": [math.log(value or 1) for value in values], "even": range(len(values))}[how]
    closest = min(after - before for before, after in pairwise(places)) / (places[-1] - places[0])
    assert closest * (len(values) - 1) >= 0.4 - 1e-9


def test_only_a_wide_range_that_has_no_zero_wants_powers_of_ten():
    size, share = Figure("Memory", "B"), Figure("Hit ratio", "%")
    assert is_log(size, Prediction("m", "", 10, 100_000))
    assert not is_log(size, Prediction("m", "", 0, 100_000))
    assert not is_log(size, Prediction("m", "", 1, 400))
    assert not is_log(share, Prediction("h", "", 0.0001, 1))
