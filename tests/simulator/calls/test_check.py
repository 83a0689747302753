"""A system that cannot be is refused, and the message names what to change; one that is only overloaded is not."""

from dataclasses import replace
from math import inf, nan

import pytest

from apps.simulator.arrivals import Poisson
from apps.simulator.calls.check import check
from apps.simulator.calls.policies import Breaker, Retry
from apps.simulator.calls.run import simulate
from apps.simulator.calls.system import Call, Change, ImpossibleSystem, Service, System
from apps.simulator.services import Exponential

Q = Service(Exponential(1.0))


def system(service=Q, call=None, **fields):
    return replace(System({"q": service}, call or Call("q"), Poisson(1.0)), **fields)


def circle():
    first = replace(Q, calls=((Call("b"),),))
    return System({"a": first, "b": replace(Q, calls=((Call("a"),),))}, Call("a"), Poisson(1.0))


@pytest.mark.parametrize(
    ("impossible", "told"),
    [
        (system(services={}), "at least one service"),
        (system(arrivals=Poisson(0.0)), "arrivals"),
        (system(latency_s=-1.0), "latency_s"),
        (system(keys=0), "keys"),
        (system(call=Call("x")), "'x'"),
        (system(call=Call("q", copies=2)), "The clients make one call"),
        (system(call=Call("q", timeout_s=0.0)), "timeout_s"),
        (system(call=Call("q", hedge_after_s=0.0)), "hedge_after_s"),
        (system(call=Call("q", retry=Retry(0))), "attempts"),
        (system(call=Call("q", retry=Retry(backoff="linear"))), "backoff"),
        (system(call=Call("q", retry=Retry(base_s=nan))), "base_s"),
        (system(call=Call("q", retry=Retry(budget=-1.0))), "budget"),
        (system(call=Call("q", breaker=Breaker(window=0))), "window"),
        (system(call=Call("q", breaker=Breaker(threshold=0.0))), "threshold"),
        (system(call=Call("q", breaker=Breaker(open_s=0.0))), "open_s"),
        (system(replace(Q, replicas=0)), "q: replicas"),
        (system(replace(Q, servers=4, room=3)), "q: room"),
        (system(replace(Q, fails=1.5)), "q: fails"),
        (system(replace(Q, order="random")), "q: order"),
        (system(replace(Q, balancer="best")), "q: balancer"),
        (system(replace(Q, speeds=(0.0,))), "q: speeds"),
        (system(replace(Q, speeds=(1.0, 1.0))), "q: speeds"),
        (system(replace(Q, weights=(-1.0,))), "q: weights"),
        (system(replace(Q, weights=(0.0,))), "q: weights"),
        (system(replace(Q, work=Exponential(inf))), "q: work"),
        (system(replace(Q, calls=((Call("q"),),))), "q calls q"),
        (system(replace(Q, calls=((Call("x"),),))), "'x'"),
        (system(replace(Q, calls=((Call("q", chance=2.0),),))), "chance"),
        (system(replace(Q, calls=((Call("q", copies=0),),))), "copies"),
        (system(replace(Q, calls=((Call("q", copies=20_000),),))), "copies"),
        (circle(), "a calls b calls a"),
        (system(changes=(Change(1.0, "x"),)), "'x'"),
        (system(changes=(Change(1.0, "q", 1),)), "no replica 1"),
        (system(changes=(Change(-1.0, "q"),)), "at_s"),
        (system(changes=(Change(1.0, "q", speed=-1.0),)), "speed"),
        (system(changes=(Change(1.0, "q", noticed_s=-1.0),)), "noticed_s"),
        (system(changes=(Change(1.0, "q", fails=2.0),)), "fails"),
        (system(changes=(Change(1.0, "q", 0, gone=True, added=True),)), "gone and added"),
        (system(changes=(Change(1.0, "q", added=True),)), "one replica"),
    ],
)
def test_the_impossible_is_refused_by_name(impossible, told):
    with pytest.raises(ImpossibleSystem, match=told):
        check(impossible)


@pytest.mark.parametrize(
    "length",
    [{}, {"requests": 1, "seconds": 1.0}, {"requests": 0}, {"seconds": 0.0}, {"seconds": inf},
     {"requests": 1, "warm_up": 1.0}, {"requests": 1, "bucket_s": 0.0}, {"requests": 1, "visits": -1}],
)  # fmt: skip
def test_a_run_needs_one_length_that_can_be(length):
    with pytest.raises(ImpossibleSystem):
        simulate(system(), seed=1, **length)


def test_an_unstable_system_is_possible():
    check(system(arrivals=Poisson(100.0)))
