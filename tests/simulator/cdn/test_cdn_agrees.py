"""The compiled network of caches does what the story tells: the same answers, to the last bit, under the same seed."""

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.simulator.cdn.record import HIT, JOINED, MISS, NOT_ASKED
from apps.simulator.cdn.run import simulate
from apps.simulator.cdn.system import Cdn, CdnError

WAYS = True, False  # of requests for what is being fetched: they wait for it, or fetch it as well


@st.composite
def networks(draw):
    """Any network: slow answers make requests join, short lives make copies stale, small caches evict what is due."""
    return Cdn(
        edges=draw(st.integers(1, 4)),
        edge_capacity=draw(st.sampled_from([1, 2, 10, 40, 500])),
        shield_capacity=draw(st.sampled_from([0, 1, 5, 60, 500])),
        objects=draw(st.sampled_from([1, 5, 100])),
        alpha=draw(st.sampled_from([0.0, 0.8, 1.2])),
        rate=300.0,
        edge_s=0.01,
        shield_s=draw(st.sampled_from([0.0, 0.04])),
        origin_s=draw(st.sampled_from([0.0, 0.1, 1.0])),
        ttl_s=draw(st.sampled_from([inf, 0.05, 0.5, 10.0])),
        stale_s=draw(st.sampled_from([0.0, 0.3, 5.0])),
        coalesce=draw(st.booleans()),
        purge_at_s=draw(st.sampled_from([inf, 0.0, 1.7])),
    )


@settings(max_examples=150, deadline=None)
@given(cdn=networks(), seed=st.integers(0, 2**32))
def test_a_run_is_the_same_to_the_last_bit(cdn, seed):
    compiled, story = (simulate(cdn, seed=seed, seconds=4.0, engine=engine) for engine in ("compiled", "story"))
    for name in compiled.record._fields:
        assert np.array_equal(getattr(compiled.record, name), getattr(story.record, name), equal_nan=True), name


@settings(max_examples=60, deadline=None)
@given(cdn=networks(), seed=st.integers(0, 2**32))
def test_whoever_is_answered_at_once_waits_for_no_one_and_all_are_answered(cdn, seed):
    report = simulate(cdn, seed=seed, seconds=4.0)
    assert (report.record.latency[report.at_once()] == cdn.edge_s).all()
    assert (report.record.latency >= cdn.edge_s).all()
    asked = report.record.shield if cdn.shielded else report.record.edge
    assert (~np.isnan(report.record.origin_at) <= (asked != HIT)).all()
    if not cdn.coalesce:
        assert not (report.record.edge == JOINED).any()


def test_total_is_one_minus_the_misses_of_both_to_the_last_request():
    cdn = Cdn(5, 100, 500, 5_000, 0.8, 2_000.0, 0.0, 0.0, 0.0)
    record = simulate(cdn, seed=1, seconds=20.0).record
    edge, shield = (record.edge == HIT).mean(), (record.shield == HIT).sum() / (record.shield != NOT_ASKED).sum()
    served = (record.edge == HIT).sum() + (record.shield == HIT).sum()
    assert 1 - (1 - edge) * (1 - shield) == pytest.approx(served / len(record.edge), abs=1e-12)
    assert (~np.isnan(record.origin_at)).sum() == len(record.edge) - served


def test_one_request_fetches_what_many_wait_for():
    slow = {"edges": 1, "edge_capacity": 1, "shield_capacity": 0, "objects": 1, "alpha": 0.0, "rate": 100.0}
    times = {"edge_s": 0.0, "shield_s": 0.0, "origin_s": 1.0, "ttl_s": inf, "purge_at_s": 2.0}
    together, alone = (
        simulate(Cdn(**slow, **times, coalesce=way), seed=1, seconds=5.0).record for way in (True, False)
    )
    assert (together.edge == MISS).sum() == (~np.isnan(together.origin_at)).sum() == 1
    assert 60 < (together.edge == JOINED).sum() < 140
    assert (alone.edge == MISS).sum() == (~np.isnan(alone.origin_at)).sum() > 60


def test_variants_see_the_same_requests():
    one, two = (Cdn(4, 10, shield, 100, 0.8, 100.0, 0.0, 0.0, 0.0) for shield in (0, 50))
    first, second = (simulate(cdn, seed=3, seconds=5.0).requests for cdn in (one, two))
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("wrong", [{"edges": 0}, {"edge_capacity": 0}, {"objects": 0}, {"shield_capacity": -1}])
def test_a_network_that_cannot_be_is_refused(wrong):
    fine = {"edges": 1, "edge_capacity": 1, "shield_capacity": 0, "objects": 1}
    with pytest.raises(CdnError, match="at least one"):
        Cdn(**{**fine, **wrong}, alpha=1.0, rate=1.0, edge_s=0.0, shield_s=0.0, origin_s=0.0)
