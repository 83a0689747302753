import pytest

from apps.experiments.params import Param
from apps.experiments.registry import experiments
from apps.labs.models import Run
from apps.labs.next_steps import NextSteps, differences, proposed

EVERY_NUMBER = [
    pytest.param(param, id=f"{slug}-{name}")
    for slug, lab in experiments().items()
    for name, param in lab.params.items()
    if not param.choices
]


@pytest.mark.parametrize("param", EVERY_NUMBER)
def test_the_proposed_values_are_allowed_and_rise(param):
    values = proposed(param)
    assert [param.clean(value) for value in values] == values
    assert values == sorted(set(values))
    assert len(values) >= 3


def test_a_range_over_powers_of_ten_is_crossed_by_equal_ratios():
    assert proposed(Param("Rows", 10, "", low=1, high=10_000)) == [1, 10, 100, 1000, 10_000]


def run_of(lab, preset, **changed):
    params = {name: param.default for name, param in lab.params.items()} | changed
    return Run(lab="caching", preset=preset, params=params, guess=None, result={"figures": {}})


def test_what_is_set_otherwise_is_told_in_words():
    lab = experiments()["caching"]
    here, there = run_of(lab, "small-cache"), run_of(lab, "small-cache", alpha=1.2)
    assert differences(lab, here.params, there.params) == "Skew 1.2"
    assert differences(lab, here.params, here.params) == "the same settings"


def test_a_repetition_asks_for_the_same_and_carries_the_bet():
    lab = experiments()["caching"]
    run = run_of(lab, "small-cache", alpha=1.2)
    run.guess = {"figure": "hit_ratio", "value": 0.57, "low": 0.5, "high": 0.7}
    fields = dict(NextSteps(lab, run, "hit_ratio").again)
    assert fields["alpha"] == "1.2"
    assert [fields[name] for name in ("bet", "guess", "guess_low", "guess_high")] == ["guess", "57", "50", "70"]
    run.guess = None
    assert dict(NextSteps(lab, run, "hit_ratio").again)["bet"] == "skip"


def test_the_next_question_is_another_one():
    lab = experiments()["caching"]
    names = list(lab.presets)
    assert NextSteps(lab, run_of(lab, names[0]), "hit_ratio").onward[0] == names[1]
    assert NextSteps(lab, run_of(lab, names[-1]), "hit_ratio").onward[0] == names[0]


def test_a_setting_that_does_nothing_is_not_offered_for_a_sweep():
    lab = experiments()["rate-limiting"]
    params = {name: param.default for name, param in lab.params.items()}
    names = [each.name for each in NextSteps(lab, Run(lab="rate-limiting", params=params), "leaked").sweepables]
    assert "limit" in names
    assert "burst" not in names, "it does nothing for a fixed window"
