"""Fan-out and hedges: the slowest of many decides, and a second call cuts the tail (reference 1.12)."""

from math import exp, inf, log

import numpy as np
import pytest

from apps.simulator.arrivals import Poisson
from apps.simulator.calls.run import simulate
from apps.simulator.calls.system import Call, Service, System
from apps.simulator.services import Deterministic, Exponential, LogNormal

IDLE = 1_000_000  # servers enough that nobody waits


def page(leaf, **call):
    """Return a page that takes no time itself and calls leaves without queues."""
    return System(
        {"page": Service(Deterministic(0.0), servers=IDLE, calls=((Call("leaf", **call),),)),
         "leaf": Service(leaf, servers=IDLE)},
        Call("page"), Poisson(10.0),
    )  # fmt: skip


def leaf_alone(law, **call):
    return System({"leaf": Service(law, servers=IDLE)}, Call("leaf", **call), Poisson(10.0))


@pytest.mark.parametrize(("copies", "truth"), [(2, 1.5), (5, 2.283), (10, 2.929), (100, 5.187)])
def test_the_slowest_of_n_exponential_calls_takes_the_harmonic_number(copies, truth):
    held = 0
    for seed in range(20):
        held += simulate(page(Exponential(1.0), copies=copies), requests=5_000, seed=seed).latency.holds(truth)
    assert held >= 17


def test_the_slowest_hundredth_of_a_page_of_a_hundred_leaves():
    report = simulate(page(Exponential(1.0), copies=100), requests=50_000, seed=1)
    assert report.latency_percentile(0.99).value == pytest.approx(9.205, rel=0.02)


def test_a_stage_begins_when_the_one_before_has_ended():
    """In series n times the mean, at once its harmonic number."""
    leaf = Service(Exponential(1.0), servers=IDLE)
    stages = tuple((Call("leaf"),) for _ in range(3))
    first = Service(Deterministic(0.0), servers=IDLE, calls=stages)
    series = System({"page": first, "leaf": leaf}, Call("page"), Poisson(10.0))
    assert simulate(series, requests=100_000, seed=1).latency.value == pytest.approx(3.0, rel=0.02)


def test_a_hedge_of_exponential_calls_at_their_own_p95():
    hedged = leaf_alone(Exponential(0.010), hedge_after_s=0.010 * log(20))
    report = simulate(hedged, requests=1_000_000, seed=1)
    assert report.latency_percentile(0.99).value == pytest.approx(0.03800, rel=0.015)
    assert report.latency_percentile(0.999).value == pytest.approx(0.04952, rel=0.02)
    assert report.latency.value == pytest.approx(0.00975, rel=0.005)
    assert report.calls_per_request.value == pytest.approx(1.05, abs=0.002)


def test_a_hedge_of_log_normal_calls_at_their_own_p95():
    """In medians, sigma 1: p99 10.24 becomes 6.68, p99.9 21.98 becomes 9.32."""
    law = LogNormal(1.0, exp(2.3263478740408408))
    plain = simulate(leaf_alone(law), requests=1_000_000, seed=1)
    hedged = simulate(leaf_alone(law, hedge_after_s=exp(1.6448536)), requests=1_000_000, seed=1)
    assert plain.latency_percentile(0.99).value == pytest.approx(10.24, rel=0.02)
    assert hedged.latency_percentile(0.99).value == pytest.approx(6.68, rel=0.02)
    assert hedged.latency_percentile(0.999).value == pytest.approx(9.32, rel=0.03)


class Bimodal:
    """10 ms, and one in a hundred takes a second."""

    mean, scv = 0.0199, 24.9

    def draw(self, random, count):
        return np.where(random.random(count) < 0.01, 1.0, 0.010)


def test_a_hedge_of_two_kinds_of_calls_makes_the_slow_ones_rare():
    alone = simulate(leaf_alone(Bimodal(), hedge_after_s=0.020), requests=1_000_000, seed=1)
    bins, slow = alone.latency_bins.sum(axis=0), 1 + int(log(0.1 / 1e-7) / log(1.01))
    assert bins[slow:].sum() / bins.sum() == pytest.approx(1e-4, rel=0.25)
    assert alone.calls_per_request.value == pytest.approx(1.01, abs=0.001)
    for hedge, truth, within in ((inf, 0.634, 0.01), (0.020, 0.00995, 0.002)):
        report = simulate(page(Bimodal(), copies=100, hedge_after_s=hedge), requests=20_000, seed=1)
        bins = report.latency_bins.sum(axis=0)
        assert bins[slow:].sum() / bins.sum() == pytest.approx(truth, abs=within)
