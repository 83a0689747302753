"""Retries: sums over attempts and layers, crowds in step, the published contest, and budgets."""

import json
from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.experiments.bench import Bench
from apps.experiments.catalog.retries import experiment
from apps.experiments.challenge import judge
from apps.experiments.params import ParamsError
from apps.experiments.retrying import theory
from apps.experiments.retrying.settings import Settings
from apps.experiments.runner import run_experiment

SEEDS = range(20)
LEAST = 16  # of 20 where 95 of 100 hold: fewer come in one of 400 series
BACK = {"trigger": "reconnect", "clients": 500, "capacity_rps": 200.0}


def tried(seed=1, **params):
    return run_experiment(
        "retries", params, seed=seed, bench=Bench.from_environment(), on_sample=lambda sample: None,
        should_stop=lambda: False,
    )  # fmt: skip


def near(outcome, figure):
    expected = outcome.expected[figure]
    return abs(outcome.figures[figure] - expected.value) <= expected.tolerance


@pytest.mark.parametrize(
    ("failing", "attempts", "calls"), [(0.5, 3, 1.75), (0.1, 3, 1.11), (0.9, 4, 3.439), (1.0, 3, 3.0), (0.0, 5, 1.0)]
)
def test_attempts_are_a_geometric_sum(failing, attempts, calls):
    assert theory.attempts_of(failing, attempts) == pytest.approx(calls)


@pytest.mark.parametrize(
    ("attempts", "by_depth"), [(3, (3, 9, 27, 81, 243)), (4, (4, 16, 64, 256, 1_024))]
)  # fmt: skip
def test_in_total_failure_layers_multiply(attempts, by_depth):
    assert tuple(theory.amplification(1.0, attempts, depth) for depth in range(1, 6)) == by_depth


@pytest.mark.parametrize(
    ("params", "figures"),
    [
        ({}, ("amplification", "failed_share", "goodput_after")),
        ({"failure_share": 0.3, "attempts": 4, "jitter": "equal"}, ("amplification",)),
        ({"failure_share": 0.6, "depth": 2, "backoff": "none"}, ("amplification",)),
        ({"budget": 0.1}, ("amplification",)),
        ({"trigger": "outage"}, ("amplification",)),
    ],
)
def test_theory_lies_within_the_interval_that_the_run_states(params, figures):
    outcomes = [tried(seed=seed, duration_s=40, **params).outcome for seed in SEEDS]
    for figure in figures:
        assert sum(near(outcome, figure) for outcome in outcomes) >= LEAST, figure


def test_three_layers_that_try_three_times_make_27_calls_of_one():
    outcome = tried(failure_share=1, depth=3, backoff="none", duration_s=40, offered_rps=20).outcome
    assert outcome.expected["amplification"].value == 27
    assert outcome.figures["amplification"] == pytest.approx(27, rel=0.05)
    assert outcome.figures["failed_share"] == 1


@pytest.mark.parametrize("trigger", ["failures", "outage"])
def test_a_budget_bounds_the_load_however_much_fails(trigger):
    outcome = tried(trigger=trigger, failure_share=0.9, attempts=6, budget=0.1).outcome
    assert outcome.figures["amplification"] <= 1.1 + outcome.intervals["amplification"]
    assert outcome.expected["amplification"].value == pytest.approx(1.1)


def test_a_budget_that_is_not_needed_changes_nothing():
    without, with_one = (tried(failure_share=0.1, budget=budget).outcome for budget in (0.0, 0.5))
    assert with_one.figures["calls"] == without.figures["calls"]


def test_everything_is_well_when_the_trigger_is_over():
    for trigger in ("none", "failures", "outage"):
        assert tried(trigger=trigger).outcome.figures["recovered"] == 1


@pytest.mark.parametrize(
    ("backoff", "jitter"),
    [("none", "none"), ("exponential", "equal"), ("exponential", "full"), ("exponential", "decorrelated")],
)
def test_the_contest_is_the_published_one(backoff, jitter):
    outcome = tried(trigger="contention", clients=50, base_ms=5, backoff=backoff, jitter=jitter).outcome
    assert near(outcome, "calls")
    assert near(outcome, "completion_ms")


def test_jitter_makes_a_contest_short_and_its_work_nearly_linear():
    planned, spread = (tried(trigger="contention", base_ms=5, jitter=jitter) for jitter in ("none", "full"))
    assert spread.outcome.figures["completion_ms"] < planned.outcome.figures["completion_ms"] / 8
    curve = dict(spread.series["calls_by_clients"])
    assert curve[100] < 3.5 * curve[40]  # 2.5 times the clients; the square would be 6.25
    assert sorted(curve) == [10, 20, 40, 60, 80, 100]


def test_a_crowd_in_step_comes_in_waves_that_leave_the_server_idle():
    planned, spread = (tried(**BACK, jitter=jitter).outcome.figures for jitter in ("none", "full"))
    assert planned["recovered"] == spread["recovered"] == 1
    assert planned["completion_ms"] > 10 * spread["completion_ms"]
    assert planned["calls"] > 2 * spread["calls"]


def test_a_crowd_without_pauses_takes_no_longer_than_the_work_and_asks_without_end():
    outcome = tried(**{**BACK, "clients": 200}, backoff="none").outcome
    assert near(outcome, "completion_ms")
    assert outcome.figures["amplification"] > 20


def test_too_many_retries_for_the_server_are_called_unstable():
    outcome = tried(failure_share=1, depth=3, backoff="none", capacity_rps=500, event_s=5, duration_s=30).outcome
    assert any("Unstable" in caveat for caveat in outcome.caveats)
    assert outcome.expected == {}


@pytest.mark.parametrize("params", [{}, {"trigger": "contention", "base_ms": 5, "clients": 60}, BACK])
def test_a_film_shows_each_dot_in_the_order_of_time(params):
    film = tried(**params).outcome.film
    assert 100 < len(film.visits) <= 600
    assert all(visit.came <= visit.began <= visit.left for visit in film.visits)
    assert {visit.place for visit in film.visits} <= {place.name for place in film.places}
    assert len({visit.fate for visit in film.visits}) > 1


def test_one_run_twice_is_the_same_to_the_last_byte():
    for params in ({}, {"trigger": "contention", "clients": 30}, {**BACK, "clients": 100}):
        first, again = (tried(seed=3, **params).as_json() for _ in range(2))
        assert [first.pop("passport")["code"]] == [again.pop("passport")["code"]]
        assert json.dumps(first) == json.dumps(again)


@pytest.mark.parametrize("name", experiment.challenges)
def test_a_challenge_is_lost_without_its_idea_and_won_with_it(name):
    challenge = experiment.challenges[name]
    for seed in range(5):
        for changed, won in ((challenge.naive, False), (challenge.solution, True)):
            result = tried(seed=seed, **challenge.settings(changed))
            verdict = judge(challenge, result.params, result.outcome.figures)
            assert verdict.won == won
            assert not won or verdict.cost <= challenge.par


@pytest.mark.parametrize(
    ("params", "refused"),
    [
        ({"event_at_s": 50, "event_s": 20}, {"duration_s"}),
        ({"base_ms": 3_000}, {"cap_ms"}),
        ({"trigger": "reconnect", "depth": 2}, {"depth"}),
        ({"trigger": "contention", "clients": 300}, {"clients"}),
        ({"attempts": 0, "jitter": "some"}, {"attempts", "jitter"}),
    ],
)
def test_what_cannot_be_is_refused_by_name(params, refused):
    with pytest.raises(ParamsError) as problems:
        tried(**params)
    assert set(problems.value.problems) == refused


@pytest.mark.parametrize("slug", experiment.presets)
def test_every_question_has_settings_that_are_allowed_and_one_right_cause(slug):
    preset = experiment.presets[slug]
    assert Settings.of(experiment.clean(preset.params)).attempts >= 1
    assert sum(cause.right for cause in preset.causes) == 1
    assert preset.predict.figure in experiment.figures


def anything(param):
    if param.choices:
        return st.sampled_from([choice.value for choice in param.choices])
    numbers = st.integers if isinstance(param.default, int) else st.floats
    return numbers(param.low, param.high)


@settings(max_examples=15, deadline=None)
@given(params=st.fixed_dictionaries({name: anything(param) for name, param in experiment.params.items()}))
def test_any_allowed_settings_end_with_numbers_that_are_declared(params):
    params |= {"offered_rps": 10, "clients": min(params["clients"], 20), "cap_ms": 5_000, "duration_s": 40}
    params |= {"event_at_s": min(params["event_at_s"], 15), "event_s": min(params["event_s"], 20)}
    params["depth"] = 1 if params["trigger"] == "reconnect" else min(params["depth"], 2)
    outcome = tried(**params).outcome
    assert set(outcome.figures) <= set(experiment.figures)
    numbers = [*outcome.figures.values(), *outcome.intervals.values()]
    numbers += [number for each in outcome.expected.values() for number in (each.value, each.tolerance)]
    assert all(map(isfinite, numbers))
