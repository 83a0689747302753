"""Do the six limiters decide exactly as their definitions say? Whole numbers, so acceptance is equality."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.experiments.limiters.algorithms import RULES, Limiter, Policy
from apps.experiments.limiters.judge import worst_window
from tests.experiments.limiters.patterns import LIMIT, PATTERNS, WINDOW, admitted, decide, most_within, policy

COLUMNS = (
    ("fixed-window", LIMIT),
    ("sliding-log", LIMIT),
    ("sliding-counter", LIMIT),
    ("token-bucket", LIMIT),
    ("gcra", LIMIT),
    ("token-bucket", 10),
    ("gcra", 10),
    ("leaky-bucket", 10),
)
# Offered, then admitted / the most that goes on in any window, a pair for each column.
KNOWN = {
    "A": (400, "200/200 100/100 100/100 100/100 100/100 10/10 10/10 11/11"),
    "B": (10_099, "200/200 100/100 199/199 199/199 199/199 109/109 109/109 110/100"),
    "C": (2_000, "1000/100 1000/100 991/100 1099/199 1099/199 1009/109 1009/109 1010/100"),
    "D": (1_000, "1000/100 1000/100 991/100 1000/100 1000/100 1000/100 1000/100 1000/100"),
    "E": (200, "200/100 200/100 150/100 200/100 200/100 20/10 20/10 22/11"),
    "F": (100_000, "1000/100 1000/100 991/100 1099/199 1099/199 1009/109 1009/109 1010/100"),
    "G": (1_544, "1000/126 1000/100 989/104 1098/171 1098/171 1008/108 1008/108 1009/100"),
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_count_of_the_reference_table_comes_out(pattern):
    moments = PATTERNS[pattern]
    offered, pairs = KNOWN[pattern[0]]
    assert len(moments) == offered
    found = []
    for algorithm, burst in COLUMNS:
        leaves = np.array(admitted(algorithm, policy(burst), moments))
        found.append(f"{len(leaves)}/{worst_window(leaves, WINDOW)}")
    assert " ".join(found) == pairs


policies = st.builds(Policy, limit=st.integers(1, 12), window=st.integers(1, 4_000), burst=st.integers(1, 15))
gaps = st.lists(st.one_of(st.just(0), st.integers(0, 40), st.integers(0, 5_000)), min_size=1, max_size=120)
moments_of = gaps.map(lambda steps: np.cumsum(steps).tolist())
algorithms = st.sampled_from(sorted(RULES))


@given(policies, moments_of)
def test_a_window_admits_no_more_than_each_law_allows(rule, moments):
    most = {name: most_within(admitted(name, rule, moments), rule.window) for name in RULES}
    assert most["fixed-window"] <= 2 * rule.limit
    assert most["sliding-log"] <= rule.limit
    assert most["sliding-counter"] < 2 * rule.limit
    assert most["token-bucket"] <= rule.burst + rule.limit
    assert most["gcra"] <= rule.burst + rule.limit
    assert most["leaky-bucket"] <= rule.limit


@given(st.integers(1, 12), st.integers(12, 400), st.integers(2, 15), st.integers(0, 2_000))
def test_who_asks_all_the_time_gets_the_burst_and_then_the_rate(limit, window, burst, lasts):
    rule = Policy(limit, window, burst)
    moments = [0] * burst + list(range(lasts + 1))
    for algorithm, at_once in (("token-bucket", burst), ("gcra", burst), ("leaky-bucket", burst + 1)):
        assert len(admitted(algorithm, rule, moments)) == at_once + lasts * limit // window


def test_a_bucket_of_one_wastes_what_comes_while_it_is_full():
    rule = Policy(5, 12, 1)  # a token each 2.4 microseconds, and one is asked for each microsecond
    assert admitted("token-bucket", rule, range(9)) == [0, 3, 6]


@given(policies, moments_of)
def test_a_token_bucket_and_gcra_are_two_ways_to_say_the_same(rule, moments):
    assert decide("token-bucket", rule, moments) == decide("gcra", rule, moments)


@given(policies, moments_of)
def test_a_leaky_bucket_admits_like_gcra_with_a_place_more(rule, moments):
    roomier = Policy(rule.limit, rule.window, rule.burst + 1)
    queue, bucket = decide("leaky-bucket", rule, moments), decide("gcra", roomier, moments)
    assert [verdict >= 0 for _, verdict in queue] == [verdict >= 0 for _, verdict in bucket]
    assert [verdict for _, verdict in queue if verdict < 0] == [verdict for _, verdict in bucket if verdict < 0]


@given(policies, moments_of)
def test_what_a_leaky_bucket_lets_go_is_evenly_apart_and_no_later_than_the_queue_is_long(rule, moments):
    leaves = admitted("leaky-bucket", rule, moments)
    assert all((later - sooner) * rule.limit > rule.window - rule.limit for sooner, later in pairwise(leaves))
    waits = [verdict for _, verdict in decide("leaky-bucket", rule, moments) if verdict >= 0]
    assert max(waits) <= -(-rule.burst * rule.window // rule.limit)


@settings(max_examples=300)
@given(algorithms, policies, moments_of)
def test_a_rejected_request_is_admitted_at_the_moment_it_was_told_and_not_before(algorithm, rule, moments):
    for count, (now, verdict) in enumerate(decide(algorithm, rule, moments), 1):
        if verdict >= 0:
            continue
        again = now - verdict
        assert decide(algorithm, rule, [*moments[:count], again])[-1][1] >= 0
        if again - 1 > now:
            assert decide(algorithm, rule, [*moments[:count], again - 1])[-1][1] == -1


@given(algorithms, policies, moments_of)
def test_a_rejection_leaves_nothing_behind(algorithm, rule, moments):
    limiter = Limiter(algorithm, rule)
    for now in moments:
        before = limiter.state
        if limiter(now) < 0:
            assert limiter.state == before


@given(policies, st.integers(2, 6), st.integers(0, 400))
def test_gateways_that_count_alone_admit_the_limit_each(rule, nodes, count):
    alone = [Limiter("sliding-log", rule) for _ in range(nodes)]
    got = sum(alone[i % nodes](0) >= 0 for i in range(count))
    assert got == sum(min(rule.limit, len(range(node, count, nodes))) for node in range(nodes))
