"""Metastable failures: the table of the reference, the criterion behind it, and what ends them."""

import json
from math import isfinite
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.experiments.bench import Bench
from apps.experiments.catalog.metastable import experiment
from apps.experiments.challenge import judge
from apps.experiments.metastability.expectation import back_after_s, fate
from apps.experiments.metastability.settings import Settings
from apps.experiments.params import ParamsError
from apps.experiments.runner import run_experiment

SMALL = {"capacity_rps": 200.0, "offered_rps": 120.0}  # a fifth of the reference, the same utilisation


def pushed(seed=1, **params):
    return run_experiment(
        "metastable", params, seed=seed, bench=Bench.from_environment(), on_sample=lambda sample: None,
        should_stop=lambda: False,
    )  # fmt: skip


def goodput(result, begin, end):
    return mean(rate for at, rate in result.series["goodput"] if begin < at <= end)


# labs.md 1.14: μ = 1000/s, λ = 600/s, timeout 1 s, stopped from 10 to 15 s; goodput at 20–30, 60–70 and 110–120 s, and
# the second from which it is well again. Chance in the arrivals of 10 s is 1.3 %; the reference's own first cell shows
# 615, so two runs differ by up to 5 %.
TABLE = {
    "one attempt": ({"attempts": 1}, (600, 600, 600), 21),
    "two attempts": ({"attempts": 2}, (0, 0, 0), None),
    "three attempts": ({"attempts": 3}, (0, 0, 0), None),
    "newest first": ({"attempts": 3, "order": "lifo"}, (600, 600, 600), 16),
    "expired dropped": ({"attempts": 3, "drops_expired": "yes"}, (600, 600, 600), 16),
    "budget": ({"attempts": 3, "budget": 0.1}, (480, 600, 600), 23),
}


@pytest.mark.parametrize("row", TABLE)
def test_the_table_of_the_reference(row):
    params, goodputs, back_at = TABLE[row]
    result = pushed(**params, duration_s=120.0)
    found = [goodput(result, *span) for span in ((20, 30), (60, 70), (110, 120))]
    assert found == pytest.approx(goodputs, rel=0.05)
    figures = result.outcome.figures
    assert figures["recovered"] == (back_at is not None)
    if back_at is not None:
        assert 15 + figures["recovered_after_s"] <= back_at + 1
    else:
        assert "recovered_after_s" not in figures


@pytest.mark.parametrize(
    ("attempts", "offered", "alive"), [(1, 120, True), (2, 90, True), (2, 120, False), (4, 40, True), (4, 70, False)]
)
def test_what_a_request_may_cost_at_worst_decides(attempts, offered, alive):
    result = pushed(attempts=attempts, capacity_rps=200, offered_rps=offered, duration_s=120)
    outcome = result.outcome
    assert outcome.figures["recovered"] == alive
    assert outcome.expected["recovered"].value == alive
    theory = outcome.expected["goodput_after"]
    assert abs(outcome.figures["goodput_after"] - theory.value) <= max(1.5 * theory.tolerance, 0.01)


def test_goodput_is_back_when_the_backlog_is_as_young_as_the_timeout():
    for seed in range(6):
        outcome = pushed(seed=seed, attempts=1, **SMALL).outcome
        theory = outcome.expected["recovered_after_s"]
        assert theory.value == pytest.approx(6.0)  # (λD − μτ)/(μ − λ) = 5 s, and 1 s until those are answered
        assert abs(outcome.figures["recovered_after_s"] - theory.value) <= theory.tolerance


def test_a_short_backlog_delays_nobody_too_long():
    short = Settings.of(experiment.clean({"attempts": 1, "outage_s": 1.0}))
    assert back_after_s(short) is None
    assert pushed(attempts=1, outage_s=0.5, **SMALL).outcome.figures["recovered_after_s"] <= 1


@pytest.mark.parametrize("jitter", ["none", "equal", "full", "decorrelated"])
def test_pauses_do_not_bring_it_back(jitter):
    result = pushed(backoff="exponential", jitter=jitter, **SMALL)
    assert result.outcome.figures["recovered"] == 0
    assert result.outcome.figures["amplification"] == pytest.approx(3, rel=0.08)
    assert "did not come back" in result.finding


def test_a_budget_bounds_what_a_request_costs():
    result = pushed(budget=0.1, **SMALL)
    attempts = sum(rate for _, rate in result.series["attempts"])
    offered = 120 * 60 * 2  # of half seconds
    assert attempts <= 1.1 * 1.03 * offered + 2 * 100  # what the bucket holds at first comes once
    assert result.outcome.figures["recovered"] == 1


@pytest.mark.parametrize("trigger", ["outage", "slow", "spike"])
def test_any_trigger_will_do_and_none_does_nothing(trigger):
    assert pushed(trigger=trigger, **SMALL).outcome.figures["recovered"] == 0
    calm = pushed(trigger="none", **SMALL).outcome
    assert calm.figures["recovered"] == 1
    assert calm.expected == {}


def test_too_much_from_the_beginning_is_called_unstable():
    outcome = pushed(trigger="none", capacity_rps=100, offered_rps=150, attempts=1, duration_s=30).outcome
    assert any("Unstable" in caveat for caveat in outcome.caveats)
    assert outcome.figures["peak_queue"] == pytest.approx(50 * 30, rel=0.15)


def test_theory_is_silent_near_the_border():
    near = Settings.of(experiment.clean({"attempts": 2, "offered_rps": 500.0, "capacity_rps": 1_000.0}))
    assert fate(near) is None


def test_a_film_goes_from_the_calm_into_the_backlog():
    film = pushed(**SMALL).outcome.film
    assert film.start == 9.0
    assert 100 < len(film.visits) <= 600
    assert {sign.text for sign in film.signs} == {"stopped", "back"}
    assert {visit.fate for visit in film.visits} >= {"ok", "late"}


def test_one_run_twice_is_the_same_to_the_last_byte():
    first, again = (pushed(seed=3, **SMALL).as_json() for _ in range(2))
    assert [first.pop("passport")["code"]] == [again.pop("passport")["code"]]
    assert json.dumps(first) == json.dumps(again)


@pytest.mark.parametrize("name", experiment.challenges)
def test_a_challenge_is_lost_without_its_idea_and_won_with_it(name):
    challenge = experiment.challenges[name]
    for seed in range(5):
        for changed, won in ((challenge.naive, False), (challenge.solution, True)):
            result = pushed(seed=seed, **challenge.settings(changed))
            verdict = judge(challenge, result.params, result.outcome.figures)
            assert verdict.won == won
            assert not won or verdict.cost <= challenge.par


def test_without_retries_the_calm_days_are_lost():
    challenge = experiment.challenges["back-on-its-feet"]
    result = pushed(**challenge.settings({"attempts": 1}))
    verdict = judge(challenge, result.params, result.outcome.figures)
    assert verdict.held == (True, True, False)


def test_what_cannot_be_is_refused_by_name():
    with pytest.raises(ParamsError) as refused:
        pushed(event_at_s=50, outage_s=20, duration_s=60, backoff="fixed", base_ms=3_000)
    assert set(refused.value.problems) == {"duration_s", "cap_ms"}


def test_lines_without_end_are_refused_by_name():
    with pytest.raises(ParamsError) as refused:
        pushed(capacity_rps=20.0, offered_rps=2_000.0, duration_s=120.0)
    assert set(refused.value.problems) == {"offered_rps", "duration_s"}
    assert "at most 400" in refused.value.problems["offered_rps"]


def test_retries_that_end_are_seen_in_the_amplification_of_all():
    newest, bounded = (pushed(**SMALL, **params).outcome for params in ({"order": "lifo"}, {"budget": 0.1}))
    for outcome in (newest, bounded):
        assert outcome.figures["amplification"] == pytest.approx(1.0, abs=0.02)
        assert outcome.figures["amplification_in_all"] > 1.02
    tokens = 100 / (120 * 50)  # what the bucket holds at first, per request that comes
    assert bounded.figures["amplification_in_all"] <= 1.1 + tokens + 0.02
    assert any("one outcome" in caveat for caveat in newest.caveats)


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
    params |= {"offered_rps": 20, "capacity_rps": max(20, params["capacity_rps"] / 40), "duration_s": 40}
    params |= {"event_at_s": min(params["event_at_s"], 15), "outage_s": min(params["outage_s"], 20), "cap_ms": 5_000}
    outcome = pushed(**params).outcome
    assert set(outcome.figures) <= set(experiment.figures)
    numbers = [*outcome.figures.values(), *outcome.intervals.values()]
    numbers += [number for each in outcome.expected.values() for number in (each.value, each.tolerance)]
    assert all(map(isfinite, numbers))
