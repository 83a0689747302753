import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.experiments.base import ParamsError
from apps.experiments.limiters.traffic import KINDS, arrivals
from tests.experiments.limiters.conftest import settings_of

SECOND = 1_000_000


def moments(seed=1, **params):
    return arrivals(settings_of(**params), np.random.default_rng(seed))


@given(
    st.sampled_from(sorted(KINDS)),
    st.integers(1, 1_000),
    st.integers(1, 10),
    st.integers(10, 5_000),
    st.integers(2, 120),
)
def test_requests_come_in_order_and_within_the_run(traffic, limit, window_s, offered_rps, duration_s):
    try:
        due = moments(
            traffic=traffic, limit=limit, window_s=window_s, offered_rps=offered_rps, duration_s=min(duration_s, 20)
        )
    except ParamsError:
        assert traffic == "boundary-burst"  # the only kind that does not fit everywhere
        return
    most = 20 * max(offered_rps, limit / window_s)
    assert len(due) <= most + 8 * np.sqrt(most)
    assert (np.diff(due) >= 0).all()
    assert not len(due) or 0 <= due[0] <= due[-1] < 20 * SECOND


def test_steady_traffic_is_even():
    due = moments(traffic="steady", offered_rps=200, duration_s=2)
    assert due.tolist() == [i * 5_000 for i in range(400)]


def test_random_traffic_has_the_asked_rate_and_depends_on_the_seed_only():
    due = moments(traffic="poisson", offered_rps=1_000, duration_s=10)
    assert len(due) == pytest.approx(10_000, rel=0.05)
    assert (due == moments(traffic="poisson", offered_rps=1_000, duration_s=10)).all()
    assert len(due) != len(moments(seed=2, traffic="poisson", offered_rps=1_000, duration_s=10))


def test_bursts_of_twice_the_limit_lie_around_every_other_edge():
    due = moments(traffic="boundary-burst", limit=100, window_s=2, offered_rps=1_000, duration_s=8)
    for edge in (2, 6):
        assert np.count_nonzero((due >= (edge - 0.1) * SECOND) & (due < edge * SECOND)) == 100
        assert np.count_nonzero((due >= edge * SECOND) & (due < (edge + 0.1) * SECOND)) == 100
    assert len(due) == 400


def test_on_and_off_take_turns_window_by_window():
    due = moments(traffic="on-off", window_s=1, offered_rps=100, duration_s=5)
    assert sorted(set((due // SECOND).tolist())) == [0, 2, 4]
    assert len(due) == 300


def test_a_spike_is_one_second_of_the_offered_rate_in_a_calm_run():
    due = moments(traffic="spike", limit=100, offered_rps=1_000, duration_s=6)
    spike = (due >= 2 * SECOND) & (due < 3 * SECOND)
    assert np.count_nonzero(spike) == 1_000
    assert np.count_nonzero(~spike) == 5 * 50
