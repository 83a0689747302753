"""Do the closed forms say what the algorithms do? Equality, over whatever may be set."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from apps.experiments.base import ParamsError
from apps.experiments.limiters import judge, theory
from apps.experiments.limiters.algorithms import RULES
from apps.experiments.limiters.expectation import replay
from apps.experiments.limiters.traffic import arrivals
from tests.experiments.limiters.conftest import settings_of

knobs = {
    "algorithm": st.sampled_from(sorted(RULES)),
    "limit": st.integers(1, 120),
    "window_s": st.integers(1, 3),
    "burst": st.integers(2, 150),
}


def replayed(chosen):
    decisions = replay(chosen, arrivals(chosen, np.random.default_rng(1)))
    return int(np.count_nonzero(decisions.admitted)), judge.worst_window(decisions.leaves, chosen.window_us)


@settings(max_examples=150, deadline=None)
@given(**knobs, offered_rps=st.integers(10, 600))
def test_bursts_across_an_edge(offered_rps, **params):
    try:
        chosen = settings_of(traffic="boundary-burst", offered_rps=offered_rps, duration_s=8, **params)
    except ParamsError:
        assume(False)
    burst = arrivals(chosen, np.random.default_rng(1))[: 2 * chosen.limit]
    assert theory.across_an_edge(chosen.algorithm, chosen.policy, burst) == replayed(chosen)[1]


@settings(max_examples=150, deadline=None)
@given(**knobs, offered_rps=st.integers(10, 600), nodes=st.integers(1, 6), duration_s=st.integers(2, 7))
def test_even_requests(**params):
    chosen = settings_of(traffic="steady", store="local", **params)
    assume(theory.deals_evenly(chosen))
    in_all, worst = replayed(chosen)
    assert theory.evenly(chosen) == worst
    assert theory.evenly_in_all(chosen) in (in_all, None)


@pytest.mark.parametrize(("nodes", "most"), [(1, 50), (2, 100), (4, 200), (8, 400)])
def test_gateways_that_count_alone_multiply_the_limit(nodes, most):
    chosen = settings_of(
        algorithm="sliding-log", limit=50, traffic="steady", store="local", nodes=nodes, clock="virtual", duration_s=3
    )
    assert theory.evenly(chosen) == most


def test_the_last_place_in_the_queue():
    assert theory.longest_queue_ms(settings_of(algorithm="leaky-bucket", limit=100, window_s=2, burst=50)) == 1_000


def test_others_between_read_and_write():
    assert theory.leaks_per_admission(2_000, np.array([75, 1_000])) == pytest.approx([0.15, 2.0])
