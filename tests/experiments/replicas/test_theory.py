from math import exp, inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.experiments.replicas import theory

DELAYS = st.lists(st.floats(0, 0.5), min_size=1, max_size=3)


@pytest.mark.parametrize(("rate", "share"), [(5, 0.0824), (20, 0.1995), (50, 0.2454)])
def test_going_back_is_a_quarter_of_the_chance_that_a_write_falls_in_between(rate, share):
    assert theory.goes_back_share(rate, [0.0, 0.1], 0.02) == pytest.approx(share, abs=5e-5)


def test_standbys_that_are_equally_late_never_go_back():
    assert theory.goes_back_share(1_000, [0.1, 0.1, 0.1], 0.0) == 0


def test_a_random_visitor_of_two_standbys_meets_the_same_law():
    """The closed form against a simulation of the rule itself: what was written until now less the lag shows."""
    random = np.random.default_rng(3)
    lags, rate, gap = np.array([0.02, 0.05, 0.2]), 12.0, 0.02
    writes = np.sort(random.random(round(rate * 20_000)) * 20_000)
    looks = random.random(200_000) * 19_990 + 5
    first, second = lags[random.integers(0, 3, (2, len(looks)))]
    back = np.searchsorted(writes, looks + gap - second) < np.searchsorted(writes, looks - first)
    assert back.mean() == pytest.approx(theory.goes_back_share(rate, lags.tolist(), gap), abs=0.004)


def test_the_share_of_reads_at_the_primary_agrees_with_a_simulation_of_sessions():
    """A session is ahead of the standbys for `lag` after its own write and after each read at the primary."""
    random = np.random.default_rng(4)
    writes, visits, lag, gap, seconds = 5.0, 5.0, 0.1, 0.02, 20_000
    wrote = random.random(round(writes * seconds)) * seconds
    looked = random.random(round(visits * seconds)) * seconds
    events = sorted([(at, False) for at in wrote] + [(at, True) for at in looked] + [(at + gap, True) for at in looked])
    ahead_until, at_primary, reads = -inf, 0, 0
    for at, is_read in events:
        reads += is_read
        at_primary += is_read and at < ahead_until
        if not is_read or at < ahead_until:
            ahead_until = at + lag
    assert at_primary / reads == pytest.approx(theory.primary_share(writes, visits, lag, gap), abs=0.02)


@given(DELAYS, st.floats(0, 2))
def test_a_stricter_promise_never_costs_less(delays, apply_delay):
    waits = [
        theory.commit_wait_s(mode, delays, apply_delay, copies)
        for mode, copies in [("async", 0), ("remote-write", 1), ("sync", 1), ("remote-apply", len(delays))]
    ]
    assert waits == sorted(waits)


@given(DELAYS)
def test_a_quorum_waits_for_the_last_standby_that_it_needs_and_for_no_other(delays):
    waits = [theory.commit_wait_s("quorum", delays, 0.0, copies) for copies in range(1, len(delays) + 1)]
    assert waits == [2 * delay for delay in sorted(delays)]


def test_an_apply_delay_runs_while_the_log_travels():
    assert theory.visible_after_s(0.02, 0.2) == 0.2
    assert theory.visible_after_s(0.3, 0.2) == 0.3
    assert theory.commit_wait_s("remote-apply", [0.02], 0.2, 1) == pytest.approx(0.22)


def test_a_page_is_stale_by_rate_times_age():
    assert theory.stale_share(10, 0.05) == pytest.approx(1 - exp(-0.5))
    assert theory.stale_share(10, -1) == 0


def test_a_lag_over_a_narrow_link_is_told_by_sender_and_receiver_alike():
    """What is committed at t arrives at 2t if twice as much is written as fits: late by t, and seen late by half."""
    moments = np.array([1.0, 4.0])
    assert theory.narrow_link_lag_s(moments, 200, 100, ended_by=100).tolist() == [1.0, 4.0]
    assert theory.narrow_link_reported_s(moments * 2, 200, 100).tolist() == [1.0, 4.0]
    assert theory.narrow_link_lag_s(moments, 200, 100, ended_by=5).tolist() == [1.0, 1.0]


def test_a_pause_makes_data_older_by_the_second():
    moments = np.array([1.0, 2.0, 3.5, 4.0])
    assert theory.paused_lag_s(moments, 0.1, (2.0, 4.0)).tolist() == pytest.approx([0.1, 0.1, 1.6, 0.1])


def test_what_had_arrived_before_a_cut_is_shown_when_its_apply_delay_is_over():
    lags = theory.cut_lag_s(np.array([1.0, 2.5, 4.0]), 0.1, 1.0, (2.0, 5.0))
    assert lags.tolist() == pytest.approx([1.0, 1.0, 2.1])


def test_the_longest_gap_grows_with_the_logarithm_of_the_number_of_events():
    random = np.random.default_rng(5)
    gaps = [np.diff(np.sort(random.random(1_000)) * 100).max() for _ in range(400)]
    assert np.mean(gaps) == pytest.approx(theory.longest_gap_s(10, 100), rel=0.05)
