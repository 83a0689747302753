"""Does Redis decide as the reference does, request by request? On a real server, told the time."""

import os
from contextlib import closing

import pytest
import redis
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.experiments.limiters.algorithms import RULES, Policy
from apps.experiments.limiters.scripts import forgets_after_ms, script
from apps.experiments.limiters.stores import KEY, bytes_in_redis, decide_in_order
from tests.experiments.limiters.patterns import PATTERNS, decide, policy

KEPT_MS = 600_000


@pytest.fixture(scope="module")
def server():
    with closing(redis.Redis.from_url(os.environ["REDIS_URL"])) as client:
        yield client
        client.delete(KEY)


def decided(server, algorithm, rule, moments):
    server.delete(KEY)
    return decide_in_order(server, server.script_load(script(algorithm, rule, KEPT_MS)), moments)


@settings(max_examples=40, deadline=None)
@given(
    algorithm=st.sampled_from(sorted(RULES)),
    limit=st.integers(1, 1_000),
    window_s=st.integers(1, 10),
    burst=st.integers(1, 1_000),
    gaps=st.lists(st.one_of(st.just(0), st.integers(0, 3_000), st.integers(0, 4_000_000)), min_size=1, max_size=150),
    start=st.integers(0, 100_000_000),
)
def test_redis_and_the_reference_agree_on_every_request(server, algorithm, limit, window_s, burst, gaps, start):
    rule, moments = Policy(limit, window_s * 1_000_000, burst), []
    for gap in gaps:
        start += gap
        moments.append(start)
    assert decided(server, algorithm, rule, moments) == decide(algorithm, rule, moments)


@pytest.mark.parametrize("algorithm", RULES)
@pytest.mark.parametrize("pattern", ["A", "B", "E", "G"])
def test_redis_and_the_reference_agree_on_the_reference_traffic(server, algorithm, pattern):
    moments = next(moments for name, moments in PATTERNS.items() if name.startswith(pattern))
    assert decided(server, algorithm, policy(10), moments) == decide(algorithm, policy(10), moments)


@pytest.mark.parametrize("algorithm", RULES)
def test_by_its_own_clock_redis_decides_alike(server, algorithm):
    rule = Policy(5, 1_000_000, 3)
    server.delete(KEY)
    sha = server.script_load(script(algorithm, rule, KEPT_MS))
    epoch = server.time()[0] * 1_000_000
    answers = [tuple(server.evalsha(sha, 1, KEY, epoch)) for _ in range(12)]
    assert answers == decide(algorithm, rule, [at for at, _ in answers])
    assert any(verdict < 0 for _, verdict in answers)


@pytest.mark.parametrize("algorithm", RULES)
def test_a_key_does_not_outlive_what_it_is_worth(server, algorithm):
    rule = Policy(10, 1_000_000, 40)
    server.delete(KEY)
    server.evalsha(server.script_load(script(algorithm, rule, forgets_after_ms(rule))), 1, KEY, 0)
    assert 0 < server.pttl(KEY) <= 4_101


def test_only_the_log_grows_with_the_limit(server):
    def size(algorithm, limit):
        decided(server, algorithm, Policy(limit, 10_000_000, limit), list(range(1_000_000, 1_002_000)))
        return bytes_in_redis(server)

    small, large = ({algorithm: size(algorithm, limit) for algorithm in RULES} for limit in (10, 1_000))
    grown = {algorithm for algorithm in RULES if large[algorithm] > small[algorithm]}
    assert grown == {"sliding-log"}
    assert large["sliding-log"] > 4 * 1_000
    assert max(size for algorithm, size in large.items() if algorithm != "sliding-log") < 150


def test_measuring_a_key_leaves_no_other_behind(server):
    decided(server, "gcra", policy(), [0])
    before = server.dbsize()
    assert bytes_in_redis(server) > 0
    assert server.dbsize() == before
    server.delete(KEY)
    assert bytes_in_redis(server) == 0
