import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.experiments.base import Expected, Outcome
from apps.experiments.runner import Result
from apps.experiments.trials import medians, one_of_each, summarise

PASSPORT = {"duration_s": 20.0, "load_before": 0.1, "load_after": 0.2, "trials": 1}


def result(seed, hit_ratio, expected, **figures):
    outcome = Outcome(
        figures={"hit_ratio": hit_ratio, **figures},
        expected={"hit_ratio": Expected(expected, 0.02, "Che")},
        caveats=("It rained.",),
    )
    params = {
        "pattern": "cache-aside", "eviction": "allkeys-lru", "objects": 1000, "cache_fraction": 0.1, "alpha": 0.9,
        "read_fraction": 1.0, "offered_rps": 400, "ttl_s": 0.0, "ttl_jitter": 0.0, "stampede": "none",
        "db_cost": "point", "flush_interval_s": 1.0, "clients": 4, "duration_s": 20,
        "event": "none", "event_at_s": 10.0,
    }  # fmt: skip
    return Result("caching", "measured", params, seed, outcome, {}, f"run {seed}", PASSPORT)


def test_trials_are_told_by_their_medians():
    summary = summarise([result(1, 0.50, 0.54), result(2, 0.58, 0.56), result(3, 0.55, 0.55)])
    assert summary.outcome.figures["hit_ratio"] == 0.55
    assert summary.outcome.expected["hit_ratio"].value == 0.55
    assert summary.outcome.caveats == ("It rained.",)
    assert summary.passport["trials"] == 3
    assert summary.passport["duration_s"] == 60.0
    assert summary.finding == "A tenth of the products answered 55 % of the reads."


def test_a_figure_that_a_trial_lacks_is_the_median_of_the_others():
    assert medians([{"recovery_s": 2.0}, {}, {"recovery_s": 4.0}]) == {"recovery_s": 3.0}


@given(st.lists(st.floats(0, 1), min_size=1))
def test_the_median_lies_within_the_trials(values):
    assert min(values) <= medians([{"x": value} for value in values])["x"] <= max(values)


def test_caveats_that_differ_in_their_numbers_alone_are_told_once():
    told = ["Late by 1.5 ms.", "Late by 12.0 ms.", "It rained."]
    assert one_of_each(told) == ("Late by 1.5 ms.", "It rained.")


def test_one_trial_is_its_own_summary():
    assert summarise([result(1, 0.5, 0.5)]).outcome.figures == pytest.approx({"hit_ratio": 0.5})
