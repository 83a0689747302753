"""Retries, budgets, shedding and what does not recover: as the formulas and the reference (1.14, 1.15) say."""

import numpy as np
import pytest

from apps.simulator.arrivals import Poisson
from apps.simulator.calls.policies import Retry
from apps.simulator.calls.run import simulate
from apps.simulator.calls.system import Call, Change, Service, System
from apps.simulator.services import Deterministic
from tests.simulator.calls.systems import one


@pytest.mark.parametrize(("fails", "attempts", "truth"), [(0.5, 3, 1.75), (0.1, 3, 1.11), (0.9, 4, 3.439)])
def test_attempts_at_a_rate_of_failures(fails, attempts, truth):
    """(1 − f^(r+1)) / (1 − f) with r retries."""
    held = 0
    for seed in range(20):
        system = one(10.0, mean=0.001, fails=fails, call=Call("q", retry=Retry(attempts)))
        held += simulate(system, requests=20_000, seed=seed).calls_per_request.holds(truth)
    assert held >= 17


@pytest.mark.parametrize(("retries", "depth", "truth"), [(2, 1, 3), (2, 3, 27), (2, 5, 243), (3, 2, 16), (3, 4, 256)])
def test_retries_at_each_depth_multiply(retries, depth, truth):
    """(1 + r)^depth attempts reach the last service when it always fails."""
    names = [f"s{i}" for i in range(depth)]
    retry = Retry(retries + 1)
    services = {
        name: Service(Deterministic(0.0), calls=((Call(following, retry=retry),),))
        for name, following in zip(names, names[1:], strict=False)
    }
    services[names[-1]] = Service(Deterministic(0.0), fails=1.0)
    system = System(services, Call("s0", retry=retry), Poisson(1.0))
    report = simulate(system, requests=100, seed=1, warm_up=0.0)
    assert report.services[names[-1]].attempts == 100 * truth
    assert report.error_rate.value == 1.0


def test_pauses_are_those_of_the_rule():
    """Exponential from 0.1 s with a cap of 0.3 s: 0.1, 0.2, 0.3, 0.3."""
    call = Call("q", retry=Retry(5, "exponential", base_s=0.1, cap_s=0.3))
    system = one(0.01, mean=0.0, fails=1.0, call=call)
    came = simulate(system, requests=1, seed=1, warm_up=0.0, visits=10).visits["came"]
    assert np.diff(came)[:4] == pytest.approx([0.1, 0.2, 0.3, 0.3])


@pytest.mark.parametrize(
    ("jitter", "low", "high"), [("full", 0.0, 0.1), ("equal", 0.05, 0.1), ("decorrelated", 0.1, 0.3)]
)
def test_jitter_spreads_a_pause_over_its_range(jitter, low, high):
    call = Call("q", retry=Retry(2, "fixed", base_s=0.1, jitter=jitter))
    system = one(0.1, mean=0.0, fails=1.0, call=call)
    visits = simulate(system, requests=2_000, seed=1, visits=4_000).visits
    pauses = visits["came"][visits["attempt"] == 1][:1_900] - visits["came"][visits["attempt"] == 0][:1_900]
    assert pauses.min() >= low
    assert pauses.max() <= high + 1e-9
    assert pauses.mean() == pytest.approx((low + high) / 2, rel=0.03)


def test_a_budget_bounds_what_retries_add():
    call = Call("q", retry=Retry(4, budget=0.1))
    report = simulate(one(100.0, mean=0.001, fails=1.0, call=call), requests=20_000, seed=1)
    assert report.calls_per_request.value == pytest.approx(1.1, abs=0.001)


def metastable(attempts, *, budget=None, **service):
    """Return a server of 1,000/s with 600/s that stands still from second 10 to 15; clients give up after 1 s."""
    call = Call("q", timeout_s=1.0, retry=Retry(attempts, budget=budget, bucket=100.0))
    changes = (Change(10.0, "q", speed=0.0), Change(15.0, "q"))
    return one(600.0, mean=0.001, call=call, changes=changes, **service)


@pytest.mark.parametrize(
    ("system", "truth", "back"),
    [
        (metastable(1), (615, 605, 600), 21),
        (metastable(2), (0, 0, 0), None),
        (metastable(3), (0, 0, 0), None),
        (metastable(3, order="lifo"), (600, 600, 600), 16),
        (metastable(3, drops_expired=True), (600, 600, 600), 16),
        (metastable(3, budget=0.1), (None, 600, 600), 23),
    ],
    ids=["1 attempt", "2 attempts", "3 attempts", "lifo", "drop expired", "budget"],
)
def test_what_stays_down_after_the_trigger_is_gone(system, truth, back):
    goods = np.array([simulate(system, seconds=120, seed=seed).timeline.good for seed in range(8)])
    for (first, behind), expected in zip([(20, 30), (60, 70), (110, 120)], truth, strict=True):
        if expected is not None:
            assert goods[:, first:behind].mean() == pytest.approx(expected, rel=0.05, abs=1)
    mean = goods.mean(axis=0)
    recovered = next((second for second in range(15, 120) if mean[second] >= 540), None)
    assert recovered is None if back is None else abs(recovered - back) <= 1


def test_a_bounded_queue_sheds_what_it_cannot_serve():
    """At 1.5 times the capacity, room for 50: goodput within 100 ms, median and p99 of those served."""
    report = simulate(one(1_500.0, mean=0.001, room=50), seconds=200, seed=1)
    assert report.goodput.value == pytest.approx(1_010, rel=0.05)
    assert 1e3 * report.latency_percentile(0.5).value == pytest.approx(48, rel=0.05)
    assert 1e3 * report.latency_percentile(0.99).value == pytest.approx(67, rel=0.05)


def test_a_caller_that_gave_up_does_not_stop_the_work_unless_it_is_dropped():
    call = Call("q", timeout_s=5.0)
    wasted = simulate(one(1.5, call=call), requests=20_000, seed=1).services["q"]
    dropped = simulate(one(1.5, call=call, drops_expired=True), requests=20_000, seed=1).services["q"]
    assert wasted.wasted > 0.9 * sum(wasted.served)
    assert dropped.wasted < 0.5 * sum(dropped.served)


@pytest.mark.parametrize(("told", "share"), [(False, 1.0), (True, 0.0)])
def test_a_deadline_that_is_passed_on_saves_the_work_down_the_chain(told, share):
    """The clients wait 50 ms; after a web server that takes 60 ms the store works for nobody."""
    services = {
        "web": Service(Deterministic(0.060), servers=100, calls=((Call("db", timeout_s=1.0),),)),
        "db": Service(Deterministic(0.040), servers=100),
    }
    system = System(services, Call("web", timeout_s=0.050), Poisson(200.0), deadlines=told)
    report = simulate(system, seconds=60, seed=1)
    assert report.goodput.value == 0
    assert report.services["db"].attempts == pytest.approx(share * report.services["web"].attempts, rel=0.01)


def test_an_optional_call_may_fail():
    stages = ((Call("ads", optional=True),),)
    services = {"web": Service(Deterministic(0.001), calls=stages), "ads": Service(Deterministic(0.001), fails=1.0)}
    report = simulate(System(services, Call("web"), Poisson(10.0)), requests=1_000, seed=1)
    assert report.error_rate.value == 0
    assert report.services["ads"].attempts == report.services["web"].attempts


def test_availabilities_in_series_multiply():
    stages = tuple((Call(f"s{i}"),) for i in range(10))
    services = {"page": Service(Deterministic(0.0), servers=10, calls=stages)}
    services |= {f"s{i}": Service(Deterministic(0.0), fails=0.001) for i in range(10)}
    report = simulate(System(services, Call("page"), Poisson(10.0)), requests=300_000, seed=1)
    assert report.error_rate.holds(1 - 0.990045)
