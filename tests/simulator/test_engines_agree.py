"""The compiled engines do what the story tells: the same events, to the last bit, under the same seed."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.simulator.arrivals import Even, OnOff, Poisson, Spike, Trace
from apps.simulator.network import Network, Station
from apps.simulator.run import simulate
from apps.simulator.services import Deterministic, Exponential, LogNormal, Pareto

CUSTOMERS = 3_000

laws = st.sampled_from([Exponential(1.0), Deterministic(1.0), LogNormal.with_mean(1.0, 4.0), Pareto(1.0)])
patterns = st.sampled_from([
    Poisson(0.7), Poisson(1.3), Even(0.9), OnOff(0.8, 5.0, 5.0), Spike(0.5, 4.0, 100.0, 200.0),
])  # fmt: skip
disciplines = st.sampled_from(["fifo", "lifo", "ps", "priority"])


@st.composite
def stations(draw):
    """Up to four stations in a row of chances, each of any kind."""
    names = [f"s{i}" for i in range(draw(st.integers(1, 4)))]
    found = {}
    for name in names:
        servers = draw(st.integers(1, 4))
        room = draw(st.none() | st.integers(servers, servers + 20))
        routes = {other: 0.8 / len(names) for other in names if draw(st.booleans())}
        found[name] = Station(draw(laws), servers, draw(disciplines), room, routes)
    return found


@st.composite
def networks(draw):
    """Any network with arrivals at one or two of its stations."""
    found = draw(stations())
    inlets = draw(st.lists(st.sampled_from(sorted(found)), min_size=1, max_size=2, unique=True))
    return Network(found, {name: draw(patterns) for name in inlets})


def both(network, seed, customers=CUSTOMERS):
    return [
        simulate(network, customers=customers, seed=seed, engine=engine, visits=4 * customers)
        for engine in ("story", "compiled")
    ]


@settings(max_examples=40, deadline=None)
@given(network=networks(), seed=st.integers(0, 2**31))
def test_any_network_runs_alike_event_for_event(network, seed):
    story, compiled = both(network, seed)
    if network.is_single():  # the line keeps its log in the order of arrival
        story_log = story.log[story.log[:, 0].argsort()]
        compiled_log = compiled.log[: len(story_log)]
        seen = np.isin(compiled_log[:, 0], story_log[:, 0])
        assert np.array_equal(story_log[np.isin(story_log[:, 0], compiled_log[:, 0])], compiled_log[seen])
    else:
        assert np.array_equal(story.log, compiled.log)
        assert story.through_bins.tobytes() == compiled.through_bins.tobytes()
        assert story.seconds == compiled.seconds


def test_a_network_that_outgrows_its_first_room_loses_nobody():
    crowded = Network({"q": Station(Exponential(1.0), discipline="lifo")}, {"q": Poisson(3.0)})
    story, compiled = both(crowded, seed=4)
    assert np.array_equal(story.log, compiled.log)
    assert compiled.stations["q"].queue.value > 1_024


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    network = Network({"q": Station(Exponential(1.0), servers=2)}, {"q": Poisson(1.6)})
    first, again, other = (simulate(network, customers=5_000, seed=seed, visits=5_000) for seed in (1, 1, 2))
    assert first.log.tobytes() == again.log.tobytes() != other.log.tobytes()
    assert first.through == again.through != other.through


def test_disciplines_see_the_same_customers():
    """Common random numbers: what differs between two disciplines is the discipline."""
    came = []
    for discipline in ("fifo", "lifo", "ps", "priority"):
        network = Network({"q": Station(Exponential(1.0), discipline=discipline, room=10**6)}, {"q": Poisson(0.8)})
        log = simulate(network, customers=2_000, seed=9, visits=2_000).log
        came.append(dict(log[:, [0, 2]].tolist()))
    shared = set.intersection(*(set(each) for each in came))
    assert len(shared) > 1_900
    assert all(came[0][number] == each[number] for each in came for number in shared)


def test_a_trace_ends_where_its_moments_end():
    network = Network({"q": Station(Deterministic(1.0))}, {"q": Trace((0.0, 0.5, 5.0))})
    log = simulate(network, customers=3, seed=1, engine="story", visits=3).log
    assert log[:, 2:].tolist() == [[0.0, 0.0, 1.0], [0.5, 0.5, 2.0], [5.0, 0.0, 6.0]]
