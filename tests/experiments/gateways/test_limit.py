"""The limit of gateways: buckets of their own, or one for all."""

import numpy as np
import pytest

from apps.experiments.catalog.api_gateway import experiment
from apps.experiments.gateways.limit import admitted, arrivals
from apps.experiments.gateways.settings import Settings


def settings(**params):
    return Settings.of(experiment.clean({"mode": "aggregate-serial", "duration_s": 60.0, **params}))


@pytest.mark.parametrize("gateways", [1, 2, 4, 8])
@pytest.mark.parametrize(("store", "times"), [("local", None), ("shared", 1)])
def test_local_buckets_admit_k_times_the_limit_and_a_shared_one_the_limit(gateways, store, times):
    chosen = settings(gateways=gateways, limit_rps=50.0, limit_store=store, offered_rps=1_000.0)
    moments = arrivals(chosen, np.random.default_rng(1))
    through = moments[admitted(chosen, moments)]
    late = np.count_nonzero(through > 6.0) / 54.0
    assert late == pytest.approx(50.0 * (times or gateways), rel=0.01)
    assert np.count_nonzero(through) <= (50.0 * 60.0 + 50.0) * (times or gateways)


def test_below_the_limit_everybody_gets_in_and_without_one_too():
    for params in ({"limit_rps": 200.0}, {"limit_rps": 0.0}, {"limit_rps": 10.0, "mode": "direct"}):
        chosen = settings(offered_rps=100.0, **params)
        moments = arrivals(chosen, np.random.default_rng(2))
        assert admitted(chosen, moments).all()


def test_a_bucket_holds_a_second_s_worth_and_fills_at_the_limit():
    chosen = settings(gateways=1, limit_rps=10.0, offered_rps=100.0)
    at_once = np.full(30, 1.0)
    assert admitted(chosen, at_once).tolist() == [True] * 10 + [False] * 20
    half_a_second_later = np.append(at_once, np.full(10, 1.5))
    assert np.count_nonzero(admitted(chosen, half_a_second_later)[30:]) == 5


def test_requests_come_in_order_at_the_rate_that_is_offered():
    chosen = settings(offered_rps=500.0)
    moments = arrivals(chosen, np.random.default_rng(3))
    assert (np.diff(moments) >= 0).all()
    assert moments[-1] < 60.0
    assert len(moments) == pytest.approx(30_000, abs=4 * 30_000**0.5)
