"""The compiled store does what the story tells: the same messages, to the last bit, under the same seed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.simulator.quorums.run import simulate
from apps.simulator.quorums.system import Cut, Legs, QuorumError, Store
from apps.simulator.services import Deterministic, Exponential, LogNormal

laws = st.sampled_from([
    Exponential(0.01), Deterministic(0.01), LogNormal.with_mean(0.01, 4.0), Exponential(0.0), Deterministic(0.0),
])  # fmt: skip


@st.composite
def stores(draw):
    """Any store: fixed and absent delays make ties, few objects make writes overlap, short timeouts make failures."""
    copies = draw(st.integers(1, 6))
    cut = None
    if copies > 1 and draw(st.booleans()):
        cut = Cut(draw(st.floats(0, 1)), draw(st.floats(0, 2)), draw(st.integers(1, copies - 1)), draw(st.floats(0, 1)))
    low = draw(st.floats(0, 0.05))
    return Store(
        copies,
        reads=draw(st.integers(1, copies)),
        writes=draw(st.integers(1, copies)),
        legs=Legs(draw(laws), draw(laws), draw(laws), draw(laws)),
        rate=200.0,
        read_after_s=(low, low + draw(st.floats(0, 0.05))),
        objects=draw(st.sampled_from([1, 3, 1_000])),
        timeout_s=draw(st.sampled_from([0.015, 0.02, 0.5])),
        spread=draw(st.booleans()),
        repair=draw(st.booleans()),
        cut=cut,
    )


def both(store, seed, **watch):
    return [simulate(store, seed=seed, seconds=1.5, engine=engine, **watch) for engine in ("compiled", "story")]


@settings(max_examples=60, deadline=None)
@given(store=stores(), seed=st.integers(0, 2**32))
def test_a_run_is_the_same_to_the_last_bit(store, seed):
    compiled, story = both(store, seed, watch=40, watch_from=0.4)
    for name in compiled.record._fields:
        assert np.array_equal(getattr(compiled.record, name), getattr(story.record, name), equal_nan=True), name
    for name in compiled.messages._fields:
        assert np.array_equal(getattr(compiled.messages, name), getattr(story.messages, name)), name


@settings(max_examples=60, deadline=None)
@given(store=stores(), seed=st.integers(0, 2**32))
def test_quorums_that_overlap_never_read_stale_whatever_is_lost_or_late(store, seed):
    report = simulate(store, seed=seed, seconds=1.5)
    if store.reads + store.writes > store.copies:
        assert (report.record.behind <= 0).all()


def test_a_list_of_events_that_gets_full_is_made_longer():
    legs = Legs(*[Deterministic(1.0)] * 4)
    store = Store(5, 3, 3, legs, 2_000.0, (0.0, 0.0), 100, 10.0)
    compiled, story = both(store, 1)
    assert np.array_equal(compiled.record.read_s, story.record.read_s)
    assert compiled.record.read_s == pytest.approx(2.0)


def test_variants_see_the_same_clients_and_the_same_delays():
    one, two = (simulate(_plain(reads=reads), seed=5, seconds=1.0).draws for reads in (1, 3))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


def test_a_run_without_a_client_ends_with_nothing():
    assert len(simulate(_plain(), seed=1, seconds=1e-9).record.write_s) == 0


@pytest.mark.parametrize(("reads", "writes"), [(4, 1), (1, 4), (0, 1), (1, 0)])
def test_a_quorum_larger_than_the_copies_is_refused(reads, writes):
    with pytest.raises(QuorumError, match="3 copies"):
        _plain(reads=reads, writes=writes)


@pytest.mark.parametrize("replicas", [0, 3])
def test_a_cut_has_two_sides(replicas):
    with pytest.raises(QuorumError, match="at least one"):
        _plain(cut=Cut(0.0, 1.0, replicas, 0.0))


def _plain(reads=1, writes=1, **more):
    legs = Legs(*[Exponential(0.01)] * 4)
    return Store(3, reads, writes, legs, 500.0, (0.0, 0.0), 1_000, 1.0, **more)
