"""The eviction lab: every policy on one trace, theory beside it, questions that come out as their answers say."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.experiments.bench import Bench
from apps.experiments.catalog.eviction import experiment
from apps.experiments.challenge import judge
from apps.experiments.evictions.settings import NAMES
from apps.experiments.film import MOST_VISITS
from apps.experiments.params import ParamsError
from apps.experiments.runner import run_experiment
from apps.simulator.caches.replay import POLICIES

SEEDS, LEAST = range(20), 18  # of 20 where at least 95 of 100 hold
SMALL = {"objects": 2_000, "capacity": 100, "requests": 60_000}


def simulated(seed=1, **params):
    return run_experiment(
        "eviction",
        params,
        seed=seed,
        bench=Bench.from_environment(),
        on_sample=lambda sample: None,
        should_stop=lambda: False,
    )


def figures(seed=1, **params):
    return simulated(seed, **params).outcome.figures


def preset(slug, **changed):
    return figures(**{**experiment.presets[slug].params, **changed})


@pytest.mark.parametrize("policy", ["lru", "fifo", "random"])
def test_theory_lies_within_the_tolerance_that_the_run_states(policy):
    held = 0
    for seed in SEEDS:
        outcome = simulated(seed, **SMALL, alpha=0.8, policy=policy).outcome
        theory = outcome.expected["hit_ratio"]
        held += abs(outcome.figures["hit_ratio"] - theory.value) <= theory.tolerance
    assert held >= LEAST


def test_the_table_of_the_reference_comes_out_of_the_lab():
    found = figures(policy="sieve", objects=100_000, capacity=1_000, alpha=1.0, requests=3_000_000)
    assert found["hit_ratio"] == pytest.approx(0.6071, abs=0.002)
    assert found["lru_hit_ratio"] == pytest.approx(0.50617, abs=0.002)
    assert found["bound_hit_ratio"] == pytest.approx(0.6657, abs=0.002)


def test_every_policy_has_a_name_and_the_bars_are_in_their_order():
    assert tuple(NAMES) == POLICIES
    result = simulated(**SMALL, policy="arc")
    bars = result.series["policies"]
    assert [int(x) for x, _ in bars] == list(range(len(NAMES)))
    ratios = dict(zip(NAMES, (y for _, y in bars), strict=True))
    assert ratios["arc"] == pytest.approx(result.outcome.figures["hit_ratio"], abs=1e-5)
    assert ratios["lru"] == pytest.approx(result.outcome.figures["lru_hit_ratio"], abs=1e-5)
    assert max(ratios, key=ratios.__getitem__) == "optimal"


def test_one_run_twice_is_the_same_to_the_last_byte_and_another_seed_is_not():
    first, again, other = (simulated(seed, **SMALL, policy="random").as_json() for seed in (3, 3, 4))
    for each in (first, again, other):
        del each["passport"], each["seed"]
    assert json.dumps(first) == json.dumps(again) != json.dumps(other)


def test_all_policies_see_the_same_requests():
    one, other = (simulated(**SMALL, policy=policy).outcome.figures for policy in ("sieve", "fifo"))
    assert one["lru_hit_ratio"] == other["lru_hit_ratio"]
    assert one["bound_hit_ratio"] == other["bound_hit_ratio"]


def test_in_a_loop_one_too_long_lru_hits_nothing_and_chance_nearly_all():
    assert preset("one-too-many")["hit_ratio"] == 0.0
    assert preset("let-chance-decide")["hit_ratio"] == pytest.approx(1 - 2 / 1_001, abs=0.0005)
    assert preset("one-too-many", policy="optimal")["hit_ratio"] == pytest.approx(0.999, abs=0.0005)


def test_a_scan_costs_lru_more_than_sieve():
    assert 0.85 < preset("after-the-scan")["misses_vs_lru"] < 0.92


def test_sieve_comes_almost_two_thirds_of_the_way_to_the_bound():
    found = preset("recency-or-frequency")
    gained = (found["hit_ratio"] - found["lru_hit_ratio"]) / (found["bound_hit_ratio"] - found["lru_hit_ratio"])
    assert 0.58 < gained < 0.67


def test_the_hit_ratio_grows_with_the_logarithm_of_the_room():
    """Under 1/k each three-fold adds about as much as the last, so each place adds less: concave in the room."""
    sweep = experiment.presets["ten-times-the-room"].sweep
    ratios = [preset("ten-times-the-room", capacity=int(size))["hit_ratio"] for size in sweep.values]
    steps = [after - before for before, after in zip(ratios, ratios[1:], strict=False)]
    assert all(0.1 < step < 0.18 for step in steps)


def test_theory_over_the_room_lies_on_the_curve_of_lru():
    series = simulated(policy="fifo", requests=200_000).series
    for measured, theory in (("at_size_lru", "at_size_che"), ("at_size", "at_size_gelenbe")):
        known = dict(series[theory])
        assert all(ratio == pytest.approx(known[size], abs=0.02) for size, ratio in series[measured])
    most = dict(series["at_size_most"])
    assert all(ratio < most[size] for size, ratio in series["at_size_lru"])


@pytest.mark.parametrize("trace", ["zipf", "scan", "loop", "mixed"])
def test_the_film_shows_as_many_hits_as_the_caption_counts_requests(trace):
    film = simulated(**SMALL, trace=trace, policy="sieve").outcome.film
    at_cache = [visit for visit in film.visits if visit.place == "cache"]
    at_origin = {visit.dot for visit in film.visits if visit.place == "origin"}
    assert len(film.visits) <= MOST_VISITS
    assert film.caption.startswith(f"{len(at_cache)} of 60,000 requests")
    assert {visit.dot for visit in at_cache if visit.fate == "miss"} == at_origin
    assert (trace == "scan") == any("scan begins" in sign.text for sign in film.signs)
    assert all(visit.came <= visit.began <= visit.left for visit in film.visits)


def anything(param):
    if param.choices:
        return st.sampled_from([choice.value for choice in param.choices])
    numbers = st.integers if isinstance(param.default, int) else st.floats
    return numbers(param.low, param.high)


@settings(max_examples=25, deadline=None)
@given(params=st.fixed_dictionaries({name: anything(param) for name, param in experiment.params.items()}))
def test_any_allowed_settings_end_with_every_figure_within_the_bound(params):
    result = simulated(**{**params, "requests": 3_000})
    found = result.outcome.figures
    assert set(found) == set(experiment.figures)
    assert found["hit_ratio"] <= found["bound_hit_ratio"] + 0.02  # the bound holds for whole runs, warm-up included
    assert found["evictions"] >= 0
    assert set(result.series) <= {line.series for chart in experiment.charts for line in chart.lines}
    json.dumps(result.as_json(), allow_nan=False)


def test_a_cache_for_everything_is_told_of():
    outcome = simulated(**{**SMALL, "capacity": 5_000}).outcome
    assert outcome.figures["evictions"] == 0
    assert "Everything fits" in outcome.caveats[0]


def test_what_cannot_be_is_refused_by_name():
    with pytest.raises(ParamsError) as refused:
        simulated(policy="mru", capacity=0, trace="storm", objects=1)
    assert set(refused.value.problems) == {"policy", "capacity", "trace", "objects"}


@pytest.mark.parametrize("slug", experiment.presets)
def test_every_question_has_settings_that_are_allowed_and_one_right_cause(slug):
    question = experiment.presets[slug]
    experiment.clean(question.params)
    assert sum(cause.right for cause in question.causes) == 1
    assert question.predict.figure in experiment.figures


@pytest.mark.parametrize("slug", experiment.challenges)
def test_the_challenge_is_lost_without_the_idea_and_won_with_it(slug):
    challenge = experiment.challenges[slug]
    for seed in range(5):
        for changed, won in ((challenge.naive, False), (challenge.solution, True)):
            params = experiment.clean(challenge.settings(changed))
            verdict = judge(challenge, params, figures(seed, **params))
            assert verdict.won == won
            assert not won or verdict.cost <= challenge.par


def test_foresight_is_no_cheap_way_to_win():
    challenge = experiment.challenges["small-and-clever"]
    params = experiment.clean(challenge.settings({"policy": "optimal", "capacity": 900}))
    assert judge(challenge, params, figures(1, **params)).cost > challenge.par
