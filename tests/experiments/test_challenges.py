"""A challenge is lost without the lesson's idea and won with it, on several seeds; so the idea is what it asks for."""

import math

import pytest

from apps.experiments.base import Experiment
from apps.experiments.bench import Bench
from apps.experiments.challenge import Challenge, Goal, judge
from apps.experiments.registry import experiments
from apps.experiments.runner import run_experiment

SEEDS = range(101, 106)
LABS = {slug: lab for slug, lab in experiments().items() if lab.kind == "simulated"}
EVERY = [(slug, name) for slug, lab in LABS.items() for name in lab.challenges]
EVERY_CHALLENGE = pytest.mark.parametrize(("slug", "name"), EVERY)


def tried(slug, challenge, choice, seed):
    """Return the verdict on one run of a challenge with these values of its free settings."""
    result = run_experiment(
        slug, challenge.settings(choice), seed=seed, bench=Bench.from_environment(),
        on_sample=lambda _: None, should_stop=lambda: False,
    )  # fmt: skip
    return judge(challenge, result.params, result.outcome.figures), result


@EVERY_CHALLENGE
def test_it_is_lost_without_the_idea(slug, name):
    challenge = LABS[slug].challenges[name]
    for seed in SEEDS:
        verdict, result = tried(slug, challenge, challenge.naive, seed)
        assert not verdict.won, f"seed {seed}: {result.outcome.figures}"


@EVERY_CHALLENGE
def test_it_is_won_with_the_idea_for_no_more_than_par(slug, name):
    challenge = LABS[slug].challenges[name]
    for seed in SEEDS:
        verdict, result = tried(slug, challenge, challenge.solution, seed)
        assert verdict.won, f"seed {seed}: {result.outcome.figures}"
        assert verdict.cost <= challenge.par, f"seed {seed}: {verdict.cost}"


@EVERY_CHALLENGE
def test_its_words_and_settings_are_those_of_the_lab(slug, name):
    lab = LABS[slug]
    challenge = lab.challenges[name]
    assert challenge.goals
    assert {goal.figure for goal in challenge.goals} <= lab.figures.keys()
    assert set(challenge.free) <= lab.params.keys()
    assert set(challenge.naive) | set(challenge.solution) <= set(challenge.free)
    assert challenge.naive != challenge.solution
    assert all(math.isfinite(goal.value) for goal in challenge.goals)
    assert challenge.title
    assert challenge.text
    assert challenge.idea
    assert challenge.cost_unit


@EVERY_CHALLENGE
def test_it_begins_with_settings_that_it_keeps(slug, name):
    lab = LABS[slug]
    challenge = lab.challenges[name]
    for choice in ({}, challenge.naive, challenge.solution):
        cleaned = lab.clean(challenge.settings(choice))
        assert challenge.changed_by(cleaned, defaults_of(lab)) == []


def defaults_of(lab: Experiment) -> dict:
    """Return the lab's own settings."""
    return {name: param.default for name, param in lab.params.items()}


@pytest.mark.parametrize("slug", LABS)
def test_every_simulated_lab_has_one_or_two(slug):
    assert 1 <= len(LABS[slug].challenges) <= 2


HUNDRED = Challenge(
    title="A hundred",
    text="Stay below.",
    params={"load": 0.8, "servers": 1},
    free=("servers",),
    goals=(Goal("p99_ms", "<=", 100.0), Goal("hit_ratio", ">=", 0.5)),
    cost=lambda params, figures: float(params["servers"]),
    cost_unit="servers",
    par=4,
    idea="More servers.",
    naive={"servers": 1},
    solution={"servers": 4},
)


@pytest.mark.parametrize(
    ("figures", "held"),
    [
        ({"p99_ms": 100.0, "hit_ratio": 0.5}, (True, True)),
        ({"p99_ms": 100.1, "hit_ratio": 0.5}, (False, True)),
        ({"p99_ms": math.nan, "hit_ratio": 0.4}, (False, False)),
        ({}, (False, False)),
    ],
)
def test_a_goal_is_kept_up_to_its_bound_and_never_by_what_is_missing(figures, held):
    assert judge(HUNDRED, {"servers": 2}, figures).held == held


def test_only_what_is_free_may_change():
    defaults = {"load": 0.5, "servers": 1, "service_ms": 10.0}
    asked = HUNDRED.settings({"servers": 3, "load": 0.1})
    assert asked == {"load": 0.8, "servers": 3}
    assert HUNDRED.changed_by({**defaults, **asked}, defaults) == []
    assert HUNDRED.changed_by({**defaults, **asked, "service_ms": 1.0}, defaults) == ["service_ms"]
    assert HUNDRED.changed_by({**defaults, "servers": 9}, defaults) == ["load"]
