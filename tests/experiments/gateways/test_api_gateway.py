"""The lab of the gateway: ways saved, tokens remembered, limits counted, threads held."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.experiments.bench import Bench
from apps.experiments.catalog.api_gateway import experiment
from apps.experiments.challenge import judge
from apps.experiments.params import ParamsError
from apps.experiments.runner import run_experiment

SEEDS = range(20)
LEAST = 16  # of 20 where 95 of 100 hold: fewer come in one of 400 series
REFERENCE = {"client_rtt_ms": 100.0, "inner_rtt_ms": 2.0, "calls": 5, "auth_ms": 0.0, "gateway_ms": 0.0,
             "service_ms": 0.1}  # fmt: skip


def simulated(seed=1, **params):
    return run_experiment(
        "api-gateway", params, seed=seed, bench=Bench.from_environment(), on_sample=lambda sample: None,
        should_stop=lambda: False,
    )  # fmt: skip


def figures(seed=1, **params):
    return simulated(seed, **params).outcome.figures


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"mode": "direct"}, {"mean_ms", "admitted_rps", "auth_calls_share"}),
        ({"mode": "aggregate-serial", "auth_cache_hit": 1.0}, {"mean_ms", "p99_ms", "gateway_utilisation"}),
        ({"mode": "aggregate-parallel", "auth_ms": 0.0}, {"mean_ms", "p99_ms", "gateway_utilisation"}),
        ({"mode": "aggregate-parallel", "limit_rps": 40.0, "limit_store": "shared"}, {"mean_ms", "admitted_rps"}),
    ],
)
def test_theory_lies_within_the_interval_that_the_run_states(params, told):
    held: dict[str, int] = {}
    for seed in SEEDS:
        outcome = simulated(seed, duration_s=20.0, **params).outcome
        for figure, theory in outcome.expected.items():
            close = abs(outcome.figures[figure] - theory.value) <= theory.tolerance
            held[figure] = held.get(figure, 0) + close
    assert told <= set(held)
    assert {figure: times for figure, times in held.items() if times < LEAST} == {}


@pytest.mark.parametrize(
    ("mode", "truth"),
    [("direct", 5 * 100 + 0.5), ("aggregate-serial", 100 + 5 * 2 + 0.5), ("aggregate-parallel", 100 + 2 + 0.228)],
)
def test_ways_add_up_as_the_reference_has_it(mode, truth):
    outcome = simulated(mode=mode, duration_s=12.0, **REFERENCE).outcome
    assert outcome.expected["mean_ms"].value == pytest.approx(truth, abs=0.01)
    assert outcome.figures["mean_ms"] == pytest.approx(truth, rel=0.02)


@pytest.mark.parametrize("hit", [0.0, 0.5, 0.9, 1.0])
def test_a_token_in_the_cache_saves_its_check_as_the_reference_has_it(hit):
    params = {**REFERENCE, "auth_ms": 40.0, "auth_cache_hit": hit, "mode": "aggregate-parallel", "duration_s": 60.0}
    without = figures(**{**params, "auth_ms": 0.0})["mean_ms"]
    assert figures(**params)["mean_ms"] - without == pytest.approx((1 - hit) * 40.0, abs=0.8)
    assert figures(**{**params, "mode": "direct"})["auth_calls_share"] == pytest.approx(5 * (1 - hit), abs=0.1)


@pytest.mark.parametrize(("gateways", "store", "truth"), [(4, "local", 400), (2, "local", 200), (4, "shared", 100)])
def test_gateways_keep_k_limits_or_one_as_the_reference_has_it(gateways, store, truth):
    params = {"mode": "aggregate-parallel", "limit_rps": 100.0, "offered_rps": 800.0, "duration_s": 20.0}
    outcome = simulated(**params, gateways=gateways, limit_store=store).outcome
    assert outcome.figures["admitted_rps"] == pytest.approx(truth, rel=0.02)
    assert outcome.expected["admitted_rps"].value == truth
    assert any("counts for itself" in caveat for caveat in outcome.caveats) == (store == "local")


def test_held_threads_are_those_of_little_s_law_and_too_few_make_a_line_without_end():
    params = {"mode": "aggregate-serial", "gateways": 1, "service_ms": 20.0, "offered_rps": 150.0, "auth_ms": 0.0}
    enough = simulated(threads=30, duration_s=40.0, **params).outcome
    assert enough.figures["gateway_utilisation"] * 30 == pytest.approx(150 * 0.111, rel=0.03)
    short, long = (simulated(threads=14, duration_s=length, **params) for length in (10.0, 40.0))
    assert long.outcome.figures["mean_ms"] > 2 * short.outcome.figures["mean_ms"]
    assert "Unstable" in long.outcome.caveats[0]
    assert "growing" in long.finding
    assert not {"mean_ms", "gateway_utilisation"} & set(long.outcome.expected)


def test_the_parts_of_the_time_add_up_to_the_mean():
    result = simulated(duration_s=20.0, limit_rps=50.0, limit_store="shared", service_ms=20.0, threads=6)
    parts = dict(result.series["part_ms"])
    assert sum(parts.values()) == pytest.approx(result.outcome.figures["mean_ms"], rel=1e-4)
    assert parts[4.0] == pytest.approx(5 * 22.0, rel=0.03)
    assert dict(result.series["direct_ms"])[5.0] > dict(result.series["serial_ms"])[5.0]


@pytest.mark.parametrize("mode", ["direct", "aggregate-serial", "aggregate-parallel"])
def test_the_film_shows_every_place_once(mode):
    film = simulated(mode=mode, duration_s=10.0, limit_rps=50.0, limit_store="shared").outcome.film
    assert film.visits
    assert len({(place.column, place.row) for place in film.places}) == len(film.places)
    assert all(v.came <= v.began <= v.left < float("inf") for v in film.visits)
    json.dumps(film.as_json(), allow_nan=False)


def test_the_smallest_run_ends_too():
    result = simulated(offered_rps=1.0, duration_s=2.0, client_rtt_ms=2_000.0)
    json.dumps(result.as_json(), allow_nan=False)


def test_every_figure_has_its_interval():
    outcome = simulated(duration_s=20.0).outcome
    assert set(outcome.intervals) == set(outcome.figures) == set(experiment.figures)


def test_what_cannot_be_is_refused_by_name():
    with pytest.raises(ParamsError) as refused:
        simulated(offered_rps=5_000.0, calls=20)
    assert set(refused.value.problems) == {"offered_rps"}
    with pytest.raises(ParamsError) as refused:
        simulated(mode="magic", auth_cache_hit=1.5)
    assert set(refused.value.problems) == {"mode", "auth_cache_hit"}


def anything(param):
    if param.choices:
        return st.sampled_from([choice.value for choice in param.choices])
    numbers = st.integers if isinstance(param.default, int) else st.floats
    return numbers(param.low, param.high)


@settings(max_examples=15, deadline=None)
@given(params=st.fixed_dictionaries({name: anything(param) for name, param in experiment.params.items()}))
def test_any_settings_are_refused_by_name_or_end_with_a_result(params):
    params = {**params, "duration_s": 2.0, "offered_rps": min(params["offered_rps"], 500.0)}
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
    experiment.clean(preset.params)
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
