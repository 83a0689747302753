"""Is a run on simulated time exact, and the same each time? By the limiters in Redis that also serve in real time."""

import pytest

from apps.experiments.bench import Bench
from apps.experiments.catalog.rate_limiting import experiment
from apps.experiments.limiters.algorithms import RULES
from apps.experiments.limiters.traffic import KINDS
from apps.experiments.runner import run_experiment
from tests.experiments.conftest import agrees

DOWN = {"algorithm": "gcra", "traffic": "steady", "offered_rps": 400, "event": "redis-down", "event_at_s": 1}


@pytest.mark.parametrize("traffic", KINDS)
@pytest.mark.parametrize("algorithm", RULES)
def test_on_the_virtual_clock_redis_does_exactly_what_theory_says(told, algorithm, traffic):
    result = told(algorithm=algorithm, traffic=traffic, limit=70, burst=30, offered_rps=900, duration_s=5)
    names = {"admitted", "worst_window", "overshoot", "leaked"}
    assert names <= set(result.outcome.expected)
    assert [name for name in result.outcome.expected if not agrees(result, name)] == []
    assert all(result.outcome.expected[name].tolerance == 0 for name in names)
    assert "decision_p99_ms" not in result.outcome.figures
    assert "nothing was timed" in result.outcome.placement
    assert any("Virtual clock" in caveat for caveat in result.outcome.caveats)


@pytest.mark.parametrize("store", ["redis-atomic", "local"])
@pytest.mark.parametrize("algorithm", RULES)
def test_a_seed_and_the_virtual_clock_give_the_same_bytes_again(told, algorithm, store):
    params = {"algorithm": algorithm, "store": store, "traffic": "poisson", "duration_s": 4}
    first = told(seed=5, **params).as_text()
    told(seed=6, algorithm="sliding-log", duration_s=2)  # something else in between
    assert told(seed=5, **params).as_text() == first
    assert told(seed=6, **params).as_text() != first


def test_two_minutes_of_virtual_time_offer_every_request(told):
    assert told(algorithm="gcra", traffic="steady", duration_s=120).outcome.figures["offered"] == 120_000


def test_gateways_on_their_own_need_no_server():
    bench = Bench.from_environment()
    params = {"store": "local", "nodes": 4, "clock": "virtual", "traffic": "steady", "duration_s": 2}
    result = run_experiment(
        "rate-limiting", params, seed=1, bench=bench, on_sample=lambda sample: None, should_stop=lambda: False
    )
    assert not bench.warm("redis")
    assert result.outcome.figures["worst_window"] == 400
    assert agrees(result, "bytes_per_key")


def test_redis_shares_one_limit_among_all_gateways(told):
    assert told(traffic="steady", nodes=8, duration_s=2).outcome.figures["worst_window"] == 100


def test_a_run_on_simulated_time_is_called_simulated():
    assert experiment.kind_of(experiment.clean({"clock": "virtual"})) == "simulated"
    assert experiment.kind_of(experiment.clean({"clock": "real"})) == "measured"
