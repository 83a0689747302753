"""The compiled engine does what the story tells: the same events, to the last bit, under the same seed."""

from dataclasses import fields, is_dataclass
from math import inf

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.simulator.arrivals import Even, OnOff, Poisson, Spike, Trace
from apps.simulator.calls.policies import Breaker, Retry
from apps.simulator.calls.run import simulate
from apps.simulator.calls.system import Call, Change, Service, System
from apps.simulator.services import Deterministic, Exponential, LogNormal, Pareto

BALANCERS = (
    "random", "round-robin", "weighted", "least-connections", "two-choices", "ip-hash", "consistent-hash",
)  # fmt: skip
REQUESTS = 400

laws = st.sampled_from([
    Exponential(0.02), Deterministic(0.02), Deterministic(0.0), LogNormal.with_mean(0.02, 4.0), Pareto(0.02),
])  # fmt: skip
patterns = st.sampled_from([
    Poisson(30.0), Poisson(80.0), Even(40.0), OnOff(40.0, 0.5, 0.5), Spike(20.0, 5.0, 3.0, 5.0),
    Trace(tuple(i / 50 for i in range(150))),
])  # fmt: skip
retries = st.builds(
    Retry,
    attempts=st.integers(1, 4),
    backoff=st.sampled_from(["none", "fixed", "exponential"]),
    base_s=st.sampled_from([0.0, 0.05]),
    cap_s=st.sampled_from([0.07, 10.0]),
    jitter=st.sampled_from(["none", "equal", "full", "decorrelated"]),
    budget=st.sampled_from([None, 0.0, 0.2]),
    bucket=st.sampled_from([0.5, 5.0]),
)
breakers = st.builds(
    Breaker,
    window=st.integers(1, 20),
    minimum=st.integers(1, 25),
    threshold=st.sampled_from([0.2, 0.5, 1.0]),
    open_s=st.sampled_from([0.1, 1.0]),
    trials=st.integers(1, 5),
)


@st.composite
def calls(draw, to, *, by_clients=False):
    """Any way of calling a service."""
    return Call(
        to,
        timeout_s=draw(st.sampled_from([inf, 0.05, 0.1, 1.0])),
        retry=draw(retries),
        breaker=draw(st.none() | breakers),
        hedge_after_s=draw(st.sampled_from([inf, 0.01, 0.03])),
        copies=1 if by_clients else draw(st.sampled_from([1, 1, 3])),
        chance=1.0 if by_clients else draw(st.sampled_from([1.0, 0.5])),
        optional=draw(st.booleans()),
    )


@st.composite
def services(draw, below):
    """Any service that calls some of the services below it."""
    replicas, servers = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    stages = draw(st.lists(st.lists(st.sampled_from(below), max_size=2), max_size=2)) if below else []
    return Service(
        draw(laws),
        replicas,
        servers,
        order=draw(st.sampled_from(["fifo", "lifo"])),
        room=draw(st.none() | st.integers(servers, servers + 10)),
        balancer=draw(st.sampled_from(BALANCERS)),
        speeds=tuple(draw(st.lists(st.sampled_from([0.25, 1.0, 2.0]), max_size=replicas))),
        weights=tuple(draw(st.lists(st.sampled_from([0.0, 1.0, 4.0]), max_size=replicas - 1))),
        fails=draw(st.sampled_from([0.0, 0.1, 0.5])),
        drops_expired=draw(st.booleans()),
        holds=draw(st.booleans()),
        calls=tuple(tuple(draw(calls(to)) for to in stage) for stage in stages),
    )


@st.composite
def changes(draw, found):
    """Any change of a service: of one replica or of all."""
    service = draw(st.sampled_from(sorted(found)))
    replica = draw(st.none() | st.integers(0, found[service].replicas - 1))
    gone = draw(st.booleans())
    added = not gone and replica is not None and draw(st.booleans())
    return Change(
        draw(st.sampled_from([0.0, 1.0, 1.5, 2.0, 3.0, 4.5])),
        service,
        replica,
        speed=draw(st.sampled_from([0.5, 1.0, 3.0] if added else [0.0, 0.5, 1.0, 3.0])),
        gone=gone,
        added=added,
        fails=draw(st.sampled_from([None, 0.0, 0.3])),
        noticed_s=draw(st.sampled_from([0.0, 0.3])),
    )


@st.composite
def systems(draw):
    """Any system of up to four services."""
    names = [f"s{i}" for i in range(draw(st.integers(1, 4)))]
    found = {name: draw(services(names[i + 1 :])) for i, name in enumerate(names)}
    return System(
        found,
        draw(calls(names[0], by_clients=True)),
        draw(patterns),
        changes=tuple(draw(st.lists(changes(found), max_size=4))),
        latency_s=draw(st.sampled_from([0.0, 0.001])),
        deadlines=draw(st.booleans()),
        keys=draw(st.sampled_from([1, 50])),
        alpha=draw(st.sampled_from([0.0, 1.0])),
    )


def bytes_of(thing):
    """Return all that a report says, to the last bit."""
    if is_dataclass(thing):
        return {field.name: bytes_of(getattr(thing, field.name)) for field in fields(thing)}
    if isinstance(thing, np.ndarray):
        return thing.dtype.descr, thing.shape, thing.tobytes()
    if isinstance(thing, dict):
        return {name: bytes_of(each) for name, each in thing.items()}
    return repr(thing)


def assert_alike(system, **how):
    story, compiled = (simulate(system, engine=engine, **how) for engine in ("story", "compiled"))
    assert np.array_equal(story.visits, compiled.visits)
    assert np.array_equal(story.marks, compiled.marks)
    assert bytes_of(story) == bytes_of(compiled)
    return compiled


@settings(max_examples=60, deadline=None)
@given(system=systems(), seed=st.integers(0, 2**31), counted=st.booleans(), bucket_s=st.sampled_from([0.001, 0.3, 1.0]))
def test_any_system_runs_alike_event_for_event(system, seed, counted, bucket_s):
    length = {"requests": REQUESTS} if counted else {"seconds": 7.0}
    assert_alike(system, seed=seed, visits=3_000, bucket_s=bucket_s, **length)


def test_a_system_that_outgrows_its_first_room_loses_nobody():
    crowded = System({"q": Service(Exponential(1.0), order="lifo")}, Call("q", timeout_s=500.0), Poisson(3.0))
    report = assert_alike(crowded, seed=4, seconds=2_000.0, visits=100)
    assert report.timeline.queue["q"][-1] > 1_024


def test_a_wide_fan_out_at_once_finds_room():
    page = Service(Deterministic(0.0), calls=((Call("leaf", copies=900, timeout_s=5.0, hedge_after_s=1.0),),))
    wide = System(
        {"page": page, "leaf": Service(Exponential(1.0), replicas=900, balancer="two-choices")},
        Call("page"),
        Poisson(0.2),
    )
    assert_alike(wide, seed=4, requests=6)


def test_more_numbers_than_a_block_are_drawn_alike():
    long = System({"q": Service(Exponential(1.0), 3, balancer="least-connections")}, Call("q"), Poisson(2.0))
    assert_alike(long, seed=4, requests=70_000)


def test_a_crowd_that_is_lost_at_once_is_answered():
    lost = System(
        {"q": Service(Exponential(1.0), order="lifo")}, Call("q", retry=Retry(2, "fixed", 0.5)), Poisson(100.0),
        changes=(Change(20.0, "q", gone=True), Change(21.0, "q")),
    )  # fmt: skip
    report = assert_alike(lost, seed=4, seconds=30.0)
    assert report.timeline.failed.sum() > 1_000
