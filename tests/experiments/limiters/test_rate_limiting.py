"""The rate-limiting lab from end to end, in real time on a real Redis."""

import os
import signal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.experiments.base import ExperimentError, ParamsError
from apps.experiments.bench import Bench
from apps.experiments.catalog.rate_limiting import PARAMS, PRESETS
from apps.experiments.placement import cores
from apps.experiments.registry import experiments
from apps.experiments.runner import Stopped, run_experiment
from tests.experiments.conftest import agrees, as_in_theory, first_that, run_until

RACE = {"traffic": "poisson", "offered_rps": 4_000, "clients": 8, "duration_s": 2}
DOWN = {"algorithm": "gcra", "traffic": "steady", "offered_rps": 400, "event": "redis-down", "event_at_s": 1}


def test_bursts_on_the_edges_of_the_servers_clock_get_twice_the_limit(limit):
    result = run_until(map(as_in_theory, ("worst_window", "admitted")), limit, duration_s=6)
    assert result.outcome.figures["worst_window"] >= 199  # one that comes late meets the next window's count
    assert result.outcome.figures["leaked"] == 0
    assert max(value for _, value in result.series["in_window"]) == result.outcome.figures["worst_window"]
    client, server = result.outcome.counted["decisions"]
    assert client == server == 600
    if cores():
        assert result.passport["host"]["placement"].startswith("client and Redis on core")


@pytest.mark.parametrize(("burst", "admitted"), [(100, 399), (10, 309)])
def test_gcra_admits_its_burst_and_its_rate_to_within_one(limit, burst, admitted):
    to_within_one = lambda result: abs(result.outcome.figures["admitted"] - admitted) <= 1  # noqa: E731
    result = first_that(to_within_one, limit, algorithm="gcra", burst=burst, traffic="steady", duration_s=3)
    assert result.outcome.expected["admitted"].value == admitted
    assert result.outcome.figures["decision_p50_ms"] > 0


def test_a_log_never_passes_its_limit_in_real_time_either(limit):
    result = limit(algorithm="sliding-log", traffic="poisson", offered_rps=500, duration_s=3)
    assert result.outcome.figures["worst_window"] == 100
    answer = result.outcome.exhibits[0].text
    assert answer.startswith("HTTP/1.1 429 Too Many Requests\nRetry-After: 1\n")


def test_reading_and_then_writing_leaks_where_a_script_does_not(limit):
    leaks = lambda result: result.outcome.figures["leaked"] > 0  # noqa: E731
    naive, atomic = first_that(leaks, limit, store="redis-naive", **RACE), limit(**RACE)
    assert naive.outcome.figures["race_window_us"] > 0
    assert atomic.outcome.figures["leaked"] == 0
    assert agrees(atomic, "leaked")


def test_a_single_connection_does_not_race_with_itself(limit):
    result = limit(store="redis-naive", **{**RACE, "offered_rps": 500, "clients": 1})
    assert result.outcome.figures["leaked"] == 0


def test_failing_open_lets_all_in_and_failing_closed_nobody(limit):
    opened = run_until(map(as_in_theory, ("undecided", "leaked")), limit, on_failure="open", duration_s=4, **DOWN)
    closed = first_that(as_in_theory("undecided"), limit, on_failure="closed", duration_s=4, **DOWN)
    for result in (opened, closed):
        assert result.outcome.figures["outage_s"] >= 0.75
    assert closed.outcome.figures["leaked"] <= 100  # the empty Redis that came back allows one burst more
    assert opened.outcome.figures["admitted"] - closed.outcome.figures["admitted"] > 200
    assert "503 Service Unavailable" in "".join(exhibit.text for exhibit in closed.outcome.exhibits)


def test_after_an_outage_the_next_run_has_a_redis_that_is_free_to_move(limit, bench):
    limit(duration_s=2, **DOWN)
    with bench.redis() as server:
        assert not cores() or os.sched_getaffinity(server.pid) == set(cores())


def test_an_outside_redis_is_not_killed():
    outside = Bench.from_environment(redis_url=os.environ["REDIS_URL"])
    outside_of = {"seed": 1, "bench": outside, "on_sample": lambda sample: None, "should_stop": lambda: False}
    with pytest.raises(ExperimentError, match="not ours to kill|in use"):
        run_experiment("rate-limiting", {**DOWN, "duration_s": 3}, **outside_of)
    outside.close()


def test_a_redis_that_dies_unasked_ends_the_run_with_a_word(limit, bench):
    killed = []

    def kill(sample):
        if sample.points and not killed:
            killed.append(bench.warm_redis.server.pid)
            os.kill(killed[0], signal.SIGKILL)

    with pytest.raises(ExperimentError, match="Redis stopped answering"):
        limit(traffic="steady", offered_rps=500, duration_s=4, on_sample=kill)


@pytest.mark.parametrize("clock", ["real", "virtual"])
def test_a_run_stops_when_asked_and_keeps_its_points(limit, clock):
    seen = []
    with pytest.raises(Stopped) as stopped:
        limit(
            traffic="steady",
            clock=clock,
            duration_s=60,
            on_sample=lambda sample: seen.extend(sample.points),
            should_stop=lambda: len(seen) > 12,
        )
    assert 1 <= len(stopped.value.series["in_window"]) < 600


def test_a_redis_that_was_revived_is_reached_although_nobody_asked_meanwhile(limit):
    quiet = {"limit": 1, "window_s": 1, "burst": 1, "offered_rps": 10, "clients": 1, "traffic": "steady"}
    down = {"event": "redis-down", "event_at_s": 1.0, "on_failure": "open"}
    assert (
        limit(algorithm="fixed-window", clock="virtual", duration_s=2, **quiet, **down).outcome.figures["offered"] > 0
    )


def anything(name):
    param = PARAMS[name]
    if param.choices:
        return st.sampled_from([choice.value for choice in param.choices])
    if isinstance(param.default, int):
        return st.integers(int(param.low), int(param.high))
    return st.floats(param.low, param.high)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(params=st.fixed_dictionaries({name: anything(name) for name in PARAMS if name != "duration_s"}))
def test_whatever_is_set_finishes_or_is_refused(limit, params):
    try:
        result = limit(**{**params, "event_at_s": min(params["event_at_s"], 1.0), "duration_s": 2})
    except ParamsError:
        return
    figures = result.outcome.figures
    assert figures["admitted"] + figures["rejected"] <= figures["offered"]
    assert result.finding.endswith(".")
    if params["store"] == "redis-atomic" and params["event"] == "none":
        assert figures["leaked"] == 0


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_may_be_set_and_so_may_all_that_it_sweeps(preset):
    lab, chosen = experiments()["rate-limiting"], PRESETS[preset]
    lab.clean(chosen.params)
    for value in chosen.sweep.values if chosen.sweep else ():
        lab.clean({**chosen.params, chosen.sweep.param: value})
    assert chosen.predict.figure in lab.figures
    assert [cause.right for cause in chosen.causes].count(True) == 1
    assert 3 <= len(chosen.causes) <= 4
