"""Other placements: how evenly they spread, how little they move, and what no placement can mend."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.simulator.hashing import jump, maglev, modulo, rendezvous, spread
from apps.simulator.hashing.ranges import Ranges
from apps.simulator.hashing.ring import Ring
from apps.simulator.hashing.stable import hash_of, scattered

KEYS = scattered(np.arange(1_000_000) + (1 << 50))
FEW = KEYS[:20_000]
TEN, ELEVEN = list(range(10)), list(range(11))


def test_the_hash_never_changes():
    # The first outputs of splitmix64 seeded with 0, and an id of 1 << 50, as published and as any process gives them.
    assert scattered([0])[0] == 0xE220A8397B1DCDAF
    assert scattered([0x9E3779B97F4A7C15])[0] == 0x6E789E6AA1B965F4
    assert hash_of("user:1") == hash_of("user:1") != hash_of("user:2")
    assert hash_of("") == 0xE4A6A0577479B2B4


@pytest.mark.parametrize("bits", [(0, 8), (28, 36), (56, 64)])
def test_every_part_of_a_hash_is_uniform_though_ids_follow_each_other(bits):
    low, high = bits
    part = (KEYS >> np.uint64(low)) & np.uint64(255)
    counts = np.bincount(part.astype(np.int64), minlength=256)
    chi = float(((counts - len(KEYS) / 256) ** 2 / (len(KEYS) / 256)).sum())
    assert 180 < chi < 345  # 255 degrees: 99.9 of 100 lie between
    assert high - low == 8


def test_one_bit_of_an_id_changes_half_of_the_hash():
    ids = np.arange(2_000, dtype=np.uint64)
    for bit in (0, 7, 31, 63):
        changed = scattered(ids) ^ scattered(ids ^ np.uint64(1 << bit))
        ones = np.mean([each.bit_count() for each in changed.tolist()])
        assert ones == pytest.approx(32, abs=0.4)


@pytest.mark.parametrize(
    ("place", "truth", "tolerance"),
    [
        (modulo.place, 10 / 11, 0.001),
        (rendezvous.place, 1 / 11, 0.002),
        (lambda nodes, keys: jump.buckets(keys, len(nodes)), 1 / 11, 0.002),
    ],
)
def test_how_many_keys_an_eleventh_node_moves(place, truth, tolerance):
    before, after = place(TEN, KEYS), place(ELEVEN, KEYS)
    assert spread.moved(before, after) == pytest.approx(truth, abs=tolerance)
    if truth < 0.5:
        assert set(after[before != after].tolist()) == {10}
    assert spread.max_over_mean(spread.loads(before, TEN)) < 1.02


@pytest.mark.parametrize(
    ("key", "count", "bucket"), [(256, 1024, 520), (42, 57, 43), (0xDEAD10CC, 666, 361), (1, 1, 0)]
)
def test_jump_gives_the_buckets_that_its_published_versions_give(key, count, bucket):
    assert jump.buckets(np.array([key], dtype=np.uint64), count).tolist() == [bucket]


@settings(deadline=None, max_examples=40)
@given(nodes=st.lists(st.integers(0, 10_000), min_size=2, max_size=12, unique=True))
def test_bids_move_keys_only_to_the_node_that_joins_and_only_from_the_one_that_leaves(nodes):
    before, after = (rendezvous.place(some, FEW) for some in (nodes[:-1], nodes))
    assert set(after[before != after].tolist()) <= {nodes[-1]}
    without = rendezvous.place(nodes[1:], FEW)
    assert set(after[without != after].tolist()) <= {nodes[0]}


@settings(deadline=None, max_examples=40)
@given(count=st.integers(1, 500))
def test_jump_moves_keys_only_to_the_last_bucket(count):
    before, after = jump.buckets(FEW, count), jump.buckets(FEW, count + 1)
    assert set(after[before != after].tolist()) <= {count}
    assert before.min() >= 0 <= after.max() <= count


@pytest.mark.parametrize(
    ("count", "fullest", "changed"), [(10, 1.000, 0.0036), (100, 1.001, 0.0059), (1000, 1.007, 0.0058)]
)
def test_maglev_is_even_and_disturbs_few(count, fullest, changed):
    entries, without = maglev.table(range(count)), maglev.table(range(count - 1))
    assert spread.max_over_mean(spread.loads(entries, range(count))) == pytest.approx(
        fullest, abs=0.002 if count < 1000 else 0.01
    )
    kept = entries != count - 1
    assert np.mean(entries[kept] != without[kept]) == pytest.approx(changed, abs=0.002)
    assert Counter(maglev.place(entries, FEW).tolist()).keys() <= set(range(count))


def test_a_hot_key_is_most_of_a_shard_whatever_the_hash():
    weights = np.arange(1, 100_001) ** -1.0
    weights /= weights.sum()
    assert weights[0] * 10 == pytest.approx(0.827, abs=0.001)
    fullest = [
        spread.max_over_mean(spread.loads(Ring.of(TEN, 100, salt).place(KEYS[:100_000]), TEN, weights))
        for salt in range(40)
    ]
    low, high = np.quantile(fullest, [0.05, 0.95])
    assert low < 1.58 < high, "what one ring gave; from ring to ring it depends on who else lives with the hot key"
    assert min(fullest) > 0.827 + 0.3


@pytest.mark.parametrize(("place", "lost"), [(lambda n, k: Ring.of(n, 1_000).place(k), 0.1), (modulo.place, 0.9)])
def test_what_a_cache_forgets_when_one_of_ten_nodes_is_lost(place, lost):
    left = [node for node in TEN if node != 5]
    gone = spread.moved(place(TEN, KEYS), place(left, KEYS))
    assert gone == pytest.approx(lost, abs=0.003)
    hit = 0.9 * (1 - gone)
    assert (1 - hit) / (1 - 0.9) == pytest.approx(1.9 if lost < 0.5 else 9.1, rel=0.02)


def test_ranges_are_as_even_as_their_sample_and_split_where_they_are_told():
    random = np.random.default_rng(5)
    keys = random.lognormal(10, 2, 200_000).astype(np.int64)
    ranges = Ranges.learned(TEN, random.choice(keys, 2_000))
    before = ranges.place(keys)
    assert spread.max_over_mean(spread.loads(before, TEN)) < 1.15
    assert (np.diff(before[np.argsort(keys, kind="stable")]) >= 0).all(), "neighbours stay together"
    after = ranges.split(3, 10, keys).place(keys)
    assert set(after[before != after].tolist()) == {10}
    assert set(before[before != after].tolist()) == {3}
    assert spread.moved(before, after) == pytest.approx(0.05, abs=0.01)


@pytest.mark.parametrize(("gone", "heir"), [(0, 1), (5, 4), (9, 8)])
def test_the_neighbour_takes_the_range_of_a_node_that_leaves(gone, heir):
    keys = np.arange(10_000)
    ranges = Ranges.learned(TEN, keys)
    before, after = ranges.place(keys), ranges.merged(gone).place(keys)
    assert set(before[before != after].tolist()) == {gone}
    assert set(after[before != after].tolist()) == {heir}


def test_what_cannot_be_placed_is_refused():
    with pytest.raises(ValueError, match="fewer keys"):
        Ranges.learned(TEN, np.arange(9))
    with pytest.raises(ValueError, match="neighbour"):
        Ranges.learned([0], np.arange(9)).merged(0)
    with pytest.raises(ValueError, match="two keys"):
        Ranges.learned([0, 1], np.arange(9)).split(1, 2, np.arange(1))
    with pytest.raises(ValueError, match="bids"):
        rendezvous.place([], FEW)
