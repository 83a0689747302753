"""The compiled replay does what the readable one tells: hit for hit, for any trace, size and seed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.simulator.caches.replay import POLICIES, replay
from apps.simulator.caches.traces import trace

small_traces = st.lists(st.integers(0, 40), min_size=1, max_size=400).map(np.array)


@st.composite
def patterns(draw):
    """A trace of any kind over a few objects, long enough to fill and turn over a small cache many times."""
    kind, objects = draw(st.sampled_from(["zipf", "scan", "loop", "mixed"])), draw(st.integers(1, 120))
    alpha, seed = draw(st.floats(0.1, 1.5)), draw(st.integers(0, 2**31))
    return trace(kind, objects, alpha, 1_500, np.random.default_rng(seed))


@pytest.mark.parametrize("policy", POLICIES)
@settings(max_examples=40, deadline=None)
@given(keys=small_traces | patterns(), capacity=st.integers(1, 60), seed=st.integers(0, 2**31))
def test_any_trace_is_replayed_alike_hit_for_hit(policy, keys, capacity, seed):
    compiled, told = (replay(policy, keys, capacity, seed=seed, engine=engine) for engine in ("compiled", "reference"))
    assert compiled.hits.tolist() == told.hits.tolist()


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("capacity", [50, 51, 1_000])
def test_where_everything_fits_only_the_first_request_for_a_key_is_a_miss(policy, capacity):
    keys = np.random.default_rng(3).integers(0, 50, 2_000)
    first = np.zeros(len(keys), dtype=bool)
    first[np.unique(keys, return_index=True)[1]] = True
    for engine in ("compiled", "reference"):
        found = replay(policy, keys, capacity, engine=engine)
        assert np.array_equal(found.hits, ~first)
        assert found.evictions == 0


@pytest.mark.parametrize("policy", POLICIES)
def test_with_room_for_one_a_key_is_there_if_it_was_the_last_one_asked_for(policy):
    keys = np.random.default_rng(5).integers(0, 3, 2_000)
    again = np.concatenate([[False], keys[1:] == keys[:-1]])
    assert np.array_equal(replay(policy, keys, 1).hits, again)


@settings(max_examples=40, deadline=None)
@given(keys=patterns(), capacity=st.integers(1, 60))
def test_no_policy_passes_belady(keys, capacity):
    bound = int(replay("optimal", keys, capacity).hits.sum())
    assert max(int(replay(policy, keys, capacity).hits.sum()) for policy in POLICIES) == bound


@settings(max_examples=40, deadline=None)
@given(keys=patterns(), capacity=st.integers(1, 60))
def test_a_larger_cache_never_hurts_lru_and_belady(keys, capacity):
    """They are stack policies: what a small cache holds, a larger one holds too (Mattson 1970)."""
    for policy in ("lru", "optimal"):
        small, large = (replay(policy, keys, size).hits.sum() for size in (capacity, capacity + 1))
        assert large >= small


def test_keys_far_apart_are_numbered_anew_and_change_nothing():
    keys = np.random.default_rng(2).integers(0, 50, 3_000)
    near, far = (replay("lru", each, 10).hits for each in (keys, keys * 10**12))
    assert np.array_equal(near, far)


def test_the_seed_of_chance_matters_and_repeats():
    keys = np.random.default_rng(2).integers(0, 50, 3_000)
    first, again, other = (replay("random", keys, 10, seed=seed).hits for seed in (1, 1, 2))
    assert first.tobytes() == again.tobytes() != other.tobytes()


def test_what_cannot_be_is_refused_by_name():
    keys = np.array([1, 2, 3])
    for wrong, words in [
        (lambda: replay("mru", keys, 3), "Policies: lru"),
        (lambda: replay("lru", keys, 0), "at least one object"),
        (lambda: replay("lru", -keys, 3), "whole numbers from 0"),
    ]:
        with pytest.raises(ValueError, match=words):
            wrong()


def test_a_trace_of_nothing_has_no_hits():
    assert len(replay("lru", np.array([], dtype=int), 3).hits) == 0
