"""The lab of many services: products, tries of tries, work for nobody and threads that wait."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.experiments.bench import Bench
from apps.experiments.catalog.microservices import experiment
from apps.experiments.challenge import judge
from apps.experiments.params import ParamsError
from apps.experiments.runner import run_experiment

SEEDS = range(20)
LEAST = 16  # of 20 where 95 of 100 hold: fewer come in one of 400 series


def simulated(seed=1, **params):
    return run_experiment(
        "microservices", params, seed=seed, bench=Bench.from_environment(), on_sample=lambda sample: None,
        should_stop=lambda: False,
    )  # fmt: skip


def figures(seed=1, **params):
    return simulated(seed, **params).outcome.figures


def with_preset(slug, **changed):
    return {**experiment.presets[slug].params, **changed}


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"services": 5, "availability": 0.99}, {"availability", "mean_ms", "p99_ms", "wasted_share", "amplification"}),
        ({"services": 5, "availability": 1.0}, {"threads_busy"}),
        ({"services": 3, "availability": 0.9, "attempts": 3}, {"availability", "amplification", "wasted_share"}),
        ({"shape": "fan-out", "services": 5, "availability": 0.98, "attempts": 2}, {"availability", "amplification"}),
        ({"shape": "fan-out", "services": 5, "availability": 1.0}, {"mean_ms", "p99_ms", "threads_busy"}),
        ({"services": 2, "servers": 1, "rps": 50.0, "availability": 1.0, "duration_s": 60.0}, {"mean_ms"}),
        ({"services": 2, "servers": 2, "rps": 150.0, "availability": 0.98}, {"mean_ms", "availability"}),
    ],
)
def test_theory_lies_within_the_interval_that_the_run_states(params, told):
    held: dict[str, int] = {}
    for seed in SEEDS:
        outcome = simulated(seed, **{"duration_s": 20.0, **params}).outcome
        for figure, theory in outcome.expected.items():
            close = abs(outcome.figures[figure] - theory.value) <= theory.tolerance
            held[figure] = held.get(figure, 0) + close
    assert told <= set(held)
    assert {figure: times for figure, times in held.items() if times < LEAST} == {}


def test_the_slowest_hundredth_of_queues_in_a_row_is_told_of_long_runs_only():
    params = {"services": 2, "servers": 1, "service_ms": 1.0, "availability": 1.0}
    long = simulated(**params, rps=500.0, duration_s=100.0).outcome
    theory = long.expected["p99_ms"]
    assert theory.value == pytest.approx(13.277, abs=0.001), "two exponential times of 2 ms each"
    assert long.figures["p99_ms"] == pytest.approx(theory.value, abs=2 * theory.tolerance)
    assert "p99_ms" not in simulated(**params, rps=500.0, duration_s=5.0).outcome.expected


@pytest.mark.parametrize(("services", "truth"), [(10, 0.990045), (30, 0.970431)])
def test_availabilities_multiply_as_the_reference_has_it(services, truth):
    assert figures(services=services, rps=200.0, duration_s=40.0)["availability"] == pytest.approx(truth, rel=0.02)


@pytest.mark.parametrize(("shape", "times"), [("chain", 10.0), ("fan-out", 2.929)])
def test_ten_services_take_the_sum_or_the_slowest_as_the_reference_has_it(shape, times):
    found = figures(shape=shape, services=10, availability=1.0, duration_s=60.0)["mean_ms"]
    assert found == pytest.approx(10.0 * times, rel=0.02)


@pytest.mark.parametrize(("attempts", "services"), [(3, 1), (3, 3), (3, 4), (4, 3), (3, 5)])
def test_tries_multiply_level_by_level_as_the_reference_has_it(attempts, services):
    changed = {"attempts": attempts, "services": services, "duration_s": 30.0, "rps": 20.0}
    outcome = simulated(**with_preset("tries-of-tries", **changed)).outcome
    assert outcome.expected["amplification"].value == attempts**services
    assert outcome.figures["amplification"] == pytest.approx(attempts**services, rel=0.02)
    assert outcome.figures["availability"] == 0
    assert "mean_ms" not in outcome.figures


def test_a_service_that_takes_a_hundred_times_as_long_holds_a_hundred_times_the_threads():
    params = {"shape": "fan-out", "services": 1, "service_ms": 50.0, "availability": 1.0, "rps": 50.0,
              "client_timeout_ms": 0.0, "timeout_ms": 0.0, "duration_s": 80.0}  # fmt: skip
    before = figures(**params)["threads_busy"]
    slow = simulated(**params, event="slow-service", event_at_s=1.0)
    settled = [held for at, held in slow.series["threads"] if at > 31]
    assert before == pytest.approx(50 * 0.05, rel=0.1)
    assert sum(settled) / len(settled) == pytest.approx(100 * before, rel=0.15)


def test_a_bulkhead_keeps_the_page_up_while_one_service_is_slow():
    without, within = (
        figures(**with_preset("one-slow-dependency", duration_s=40.0, bulkhead=places)) for places in (0, 5)
    )
    assert without["availability"] < 0.5
    assert within["availability"] > 0.99
    assert within["threads_busy"] < 0.3 * without["threads_busy"]


def test_services_that_know_the_time_left_do_less_work_for_nobody():
    untold, told = (figures(**with_preset("time-left", duration_s=30.0, deadlines=each)) for each in ("no", "yes"))
    assert told["availability"] == pytest.approx(untold["availability"], abs=0.02), "the same requests are answered"
    assert untold["wasted_share"] == pytest.approx(0.6, abs=0.05)
    assert told["wasted_share"] < 0.5 * untold["wasted_share"]
    assert told["amplification"] < 0.5 * untold["amplification"]


def test_too_few_servers_are_called_unstable_and_shown_growing():
    result = simulated(services=2, servers=1, rps=120.0, duration_s=30.0, client_timeout_ms=0.0, timeout_ms=0.0)
    assert "Unstable" in result.outcome.caveats[0]
    assert result.outcome.expected == {}
    latency = [value for _, value in result.series["latency_ms"]]
    assert latency[-1] > 5 * latency[len(latency) // 10]


@pytest.mark.parametrize(
    "params",
    [{"services": 30}, {"shape": "fan-out", "services": 30}, {"event": "slow-service"},
     {"shape": "fan-out", "bulkhead": 3, "threads": 20, "event": "failing-service", "last": "optional"}],
)  # fmt: skip
def test_the_film_shows_every_service_at_a_place_of_its_own(params):
    film = simulated(**params, duration_s=20.0).outcome.film
    assert film.visits
    assert len({(place.column, place.row) for place in film.places}) == len(film.places)
    assert all(v.came <= v.began <= v.left < float("inf") for v in film.visits)
    json.dumps(film.as_json(), allow_nan=False)
    if "event" in params:
        assert any(sign.tone == "bad" for sign in film.signs)


def test_what_cannot_be_is_refused_by_name():
    with pytest.raises(ParamsError) as refused:
        simulated(services=30, attempts=3, event="slow-service", event_at_s=100.0)
    assert set(refused.value.problems) == {"attempts", "event_at_s"}
    with pytest.raises(ParamsError) as refused:
        simulated(services=1, bulkhead=5, last="optional")
    assert set(refused.value.problems) == {"bulkhead", "last"}


def test_every_figure_of_a_calm_run_has_its_interval():
    result = simulated(duration_s=20.0)
    assert set(result.outcome.intervals) == set(result.outcome.figures) == set(experiment.figures)
    assert "5 services one after the other answer 9" in result.finding
    json.dumps(result.as_json(), allow_nan=False)


def anything(param):
    if param.choices:
        return st.sampled_from([choice.value for choice in param.choices])
    numbers = st.integers if isinstance(param.default, int) else st.floats
    return numbers(param.low, param.high)


@settings(max_examples=15, deadline=None)
@given(params=st.fixed_dictionaries({name: anything(param) for name, param in experiment.params.items()}))
def test_any_settings_are_refused_by_name_or_end_with_a_result(params):
    params = {**params, "duration_s": 2.0, "rps": min(params["rps"], 100.0), "attempts": min(params["attempts"], 2)}
    try:
        result = simulated(**params)
    except ParamsError as refused:
        assert set(refused.problems) <= set(experiment.params)  # noqa: PT017  (either way is right)
        return
    assert set(result.outcome.figures) <= set(experiment.figures)
    assert all(visit.came <= visit.began <= visit.left for visit in result.outcome.film.visits)
    json.dumps(result.as_json(), allow_nan=False)


@pytest.mark.parametrize("slug", experiment.presets)
def test_every_question_has_settings_that_are_allowed_and_one_right_cause(slug):
    preset = experiment.presets[slug]
    for value in preset.sweep.values if preset.sweep else (None,):
        experiment.clean({**preset.params, **({preset.sweep.param: value} if preset.sweep else {})})
    assert sum(cause.right for cause in preset.causes) == 1
    assert preset.predict.figure in experiment.figures


@pytest.mark.parametrize("slug", experiment.challenges)
def test_the_challenge_is_lost_without_the_idea_and_won_with_it(slug):
    challenge = experiment.challenges[slug]
    for seed in range(5):
        verdicts = {}
        for name, values in (("naive", challenge.naive), ("solution", challenge.solution)):
            chosen = challenge.settings(values)
            verdicts[name] = judge(challenge, chosen, figures(seed, **chosen))
        assert not verdicts["naive"].won
        assert verdicts["solution"].won
        assert verdicts["solution"].cost <= challenge.par
