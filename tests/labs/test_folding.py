from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.labs.folding import Setup, Trial, fold, left_s, state

SWEEP = Setup("caching", "alpha", (0.6, 0.9, 1.2), 2, "hit_ratio", None, planned_s=12)
ALONE = Setup("caching", "", (), 4, "hit_ratio", None, planned_s=12)
STATES = st.lists(st.sampled_from(["queued", "running", "done", "failed", "stopped", "lost"]), min_size=1, max_size=30)


def done(position=0, trial=0, took_s=10.0, **figures):
    return Trial(position, trial, "done", took_s, figures=figures)


def waits(position=0, trial=0):
    return Trial(position, trial, "queued")


def theory(value, tolerance=0.02):
    return {"hit_ratio": {"value": value, "tolerance": tolerance, "source": "Che's approximation"}}


def test_each_value_has_the_median_and_the_spread_of_its_trials():
    told = fold(ALONE, [done(trial=trial, hit_ratio=ratio) for trial, ratio in enumerate([0.5, 0.7, 0.6, 0.9])])
    (point,) = told["points"]
    assert (point["value"], point["n"]) == (None, 4)
    assert point["median"] == pytest.approx(0.65)
    assert (point["p5"], point["p95"]) == (pytest.approx(0.515), pytest.approx(0.87))
    assert point["figures"]["hit_ratio"]["median"] == point["median"]


def test_partial_results_stand_at_their_values():
    told = fold(
        SWEEP, [done(0, hit_ratio=0.3), done(1, hit_ratio=0.5), waits(2), waits(0, 1), waits(1, 1), waits(2, 1)]
    )
    assert [point["value"] for point in told["points"]] == [0.6, 0.9, 1.2]
    assert [point["median"] for point in told["points"]] == [0.3, 0.5, None]
    assert [point["n"] for point in told["points"]] == [1, 1, 0]
    assert (told["state"], told["done"], told["total"]) == ("running", 2, 6)


def test_a_figure_that_some_trials_lack_is_told_of_those_that_have_it():
    """A recovery that never came is no number."""
    told = fold(ALONE, [done(hit_ratio=0.5, recovery_s=3.0), done(trial=1, hit_ratio=0.7), waits(trial=2)])
    figures = told["points"][0]["figures"]
    assert figures["recovery_s"] == {"median": 3.0, "p5": 3.0, "p95": 3.0}
    assert figures["hit_ratio"]["median"] == pytest.approx(0.6)


def test_when_every_trial_lacks_the_figure_that_was_bet_on_nothing_is_claimed():
    told = fold(replace(ALONE, guess={"figure": "hit_ratio", "value": 1, "low": 0, "high": 2}), [done(other=1.0)] * 2)
    point = told["points"][0]
    assert (point["n"], point["median"], point["p5"], point["expected"]) == (0, None, None, None)
    assert told["score"] is None


def test_theory_is_the_median_of_what_it_says_in_each_trial():
    trials = [replace(done(trial=i, hit_ratio=0.5), expected=theory(v)) for i, v in enumerate([0.5, 0.6, 0.58])]
    expected = fold(ALONE, [*trials, done(trial=3, hit_ratio=0.5)])["points"][0]["expected"]
    assert expected == {"value": 0.58, "tolerance": 0.02, "source": "Che's approximation"}


def test_a_failed_run_is_a_failed_point_and_the_study_goes_on():
    told = fold(SWEEP, [Trial(0, 0, "failed", 1.0), done(1, hit_ratio=0.5), done(2, hit_ratio=0.6)])
    assert told["points"][0]["failed"] == 1
    assert (told["state"], told["failed"], told["done"]) == ("done", 1, 3)


def test_lines_over_time_are_banded_only_where_nothing_is_swept():
    line = replace(done(hit_ratio=0.5), series={"hit_ratio": [[0, 0.1], [1, 0.5]]})
    assert fold(ALONE, [line])["series"] == {"hit_ratio": [[0, 0.1, 0.1, 0.1], [1, 0.5, 0.5, 0.5]]}
    assert fold(SWEEP, [line])["series"] == {}


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (["queued", "queued"], "queued"),
        (["running", "queued"], "running"),
        (["done", "queued"], "running"),
        (["done", "done"], "done"),
        (["done", "failed", "lost"], "done"),
        (["failed", "lost"], "failed"),
        (["done", "stopped"], "stopped"),
        (["failed", "stopped"], "stopped"),
    ],
)
def test_the_state_of_a_study_follows_from_its_runs(states, told):
    assert state([Trial(0, i, each) for i, each in enumerate(states)]) == told


@given(STATES)
def test_every_mixture_of_states_folds(states):
    told = fold(ALONE, [Trial(0, i, each, 5.0) for i, each in enumerate(states)])
    active = {"queued", "running"} & set(states)
    assert (told["state"] in ("queued", "running")) == bool(active)
    assert 0 <= told["failed"] <= told["done"] <= told["total"] == len(states)
    assert (told["left_s"] > 0) == bool(active)


def test_the_time_left_comes_from_how_long_the_others_took():
    assert left_s([waits()] * 3, planned_s=12) == 36, "nothing is measured yet: as declared"
    took = [done(took_s=4.0), done(took_s=6.0), Trial(0, 0, "running", 2.0), waits()]
    assert left_s(took, planned_s=12) == 3 + 5


def test_two_workers_take_half_the_time():
    trials = [done(took_s=10.0), Trial(0, 1, "running", 0.0), Trial(0, 2, "running", 0.0), waits(), waits()]
    assert left_s(trials, planned_s=12) == 20


def test_a_run_that_takes_longer_than_the_others_still_takes_a_second():
    assert left_s([done(took_s=4.0), Trial(0, 1, "running", 60.0)], planned_s=12) == 1


def test_a_sketched_curve_is_scored_against_the_medians():
    guess = {"figure": "hit_ratio", "param": "alpha", "curve": [[0.6, 0.3], [0.9, 0.5], [1.2, 0.9]], "within": 0.1}
    told = fold(replace(SWEEP, guess=guess), [done(0, hit_ratio=0.3), done(1, hit_ratio=0.7), waits(2)])
    assert told["guess"] == guess
    assert (told["score"]["inside"], told["score"]["measured"]) == (1, 2)
