"""The queueing lab: figures beside theory, questions with one right cause, and overload shown for what it is."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.experiments.bench import Bench
from apps.experiments.catalog.queueing import experiment
from apps.experiments.params import ParamsError
from apps.experiments.queues.settings import Settings
from apps.experiments.runner import run_experiment

SEEDS = range(40)
OF_REAL_SERVERS = {"service_ms", "model_wait_ms", "model_p99_wait_ms"}
LEAST = 34  # of 40 where 95 of 100 hold: fewer come in one of 1,000 series


def simulated(seed=1, samples=None, **params):
    on_sample = (samples if samples is not None else []).append
    return run_experiment(
        "queueing", params, seed=seed, bench=Bench.from_environment(), on_sample=on_sample, should_stop=lambda: False
    )


def held(figure, **params):
    """Return in how many of the seeds theory lies within the run's own interval."""
    results = [simulated(seed=seed, **params).outcome for seed in SEEDS]
    gaps = [
        abs(each.figures[figure] - each.expected[figure].value) <= each.expected[figure].tolerance for each in results
    ]
    return sum(gaps)


@pytest.mark.parametrize(
    ("params", "figure"),
    [
        ({}, "mean_wait_ms"),
        ({}, "p99_wait_ms"),
        ({}, "utilisation"),
        ({"servers": 10}, "mean_wait_ms"),
        ({"service": "deterministic"}, "mean_wait_ms"),
        ({"service": "lognormal", "utilisation": 0.6}, "mean_wait_ms"),
        ({"discipline": "lifo"}, "mean_wait_ms"),
        ({"discipline": "priority"}, "mean_wait_ms"),
        ({"discipline": "ps", "service": "lognormal"}, "mean_response_ms"),
        ({"discipline": "ps", "servers": 4}, "mean_response_ms"),
        ({"discipline": "priority", "servers": 3}, "mean_queue"),
    ],
)
def test_theory_lies_within_the_interval_that_the_run_states(params, figure):
    assert held(figure, **params) >= LEAST


def test_one_run_twice_is_the_same_to_the_last_byte():
    first, again = (simulated(seed=3).as_json() for _ in range(2))
    assert [first.pop("passport")["code"]] == [again.pop("passport")["code"]]
    assert json.dumps(first) == json.dumps(again)


def test_the_newest_first_leaves_the_mean_and_stretches_the_tail():
    oldest, newest = (simulated(utilisation=0.9, discipline=first).outcome.figures for first in ("fifo", "lifo"))
    assert newest["mean_wait_ms"] == pytest.approx(oldest["mean_wait_ms"], rel=0.02), (
        "the same customers, the same work"
    )
    assert newest["p99_wait_ms"] > 2.5 * oldest["p99_wait_ms"]


@pytest.mark.parametrize(
    "params",
    [{"arrivals": "deterministic"}, {"servers": 4, "service": "deterministic"}, {"servers": 3, "service": "lognormal"}],
)
def test_where_no_formula_is_exact_kingmans_is_told_and_is_near(params):
    outcome = simulated(utilisation=0.9, customers=500_000, **params).outcome
    (told,) = [caveat for caveat in outcome.caveats if "Kingman" in caveat]
    approximate = float(told.rsplit("says ", 1)[1].removesuffix(" ms."))
    assert approximate == pytest.approx(outcome.figures["mean_wait_ms"], rel=0.2)
    assert "mean_wait_ms" not in outcome.expected


def test_bursts_make_a_longer_line_than_chance_does_and_even_arrivals_a_shorter_one():
    waits = [
        simulated(arrivals=each).outcome.figures["mean_wait_ms"] for each in ("deterministic", "poisson", "on-off")
    ]
    assert waits == sorted(waits)


def test_an_overloaded_server_is_called_unstable_and_its_wait_grows_with_the_run():
    short, long = (simulated(utilisation=1.2, customers=count).outcome for count in (20_000, 40_000))
    assert long.figures["mean_wait_ms"] == pytest.approx(2 * short.figures["mean_wait_ms"], rel=0.15)
    assert short.figures["utilisation"] == pytest.approx(1.0, abs=0.001)
    assert "Unstable" in short.caveats[0]
    assert short.expected == {}


def test_the_line_of_an_overloaded_server_is_drawn_growing_as_theory_says():
    result = simulated(utilisation=1.2, customers=40_000)
    assert "unstable" in result.finding
    (_, none), (end, beyond) = result.series["theory_line"]
    assert none == 0
    assert beyond == pytest.approx(20 * end, rel=0.001), "120 a second come, and 100 are served"
    assert result.series["line"][-1][1] == pytest.approx(beyond, rel=0.1)


@pytest.mark.parametrize("params", [{}, {"servers": 10}, {"discipline": "lifo"}, {"discipline": "ps", "servers": 3}])
def test_the_line_that_is_drawn_is_as_long_on_average_as_the_figure_says(params):
    result = simulated(utilisation=0.7, **params)
    assert "theory_line" not in result.series
    drawn = [length for _, length in result.series["line"]]
    assert sum(drawn) / len(drawn) == pytest.approx(result.outcome.figures["mean_queue"], rel=0.35)


def test_the_chart_shows_requests_one_by_one_and_then_the_mean_so_far():
    samples = []
    result = simulated(samples=samples)
    assert len(result.series["wait_ms"]) == 300
    assert result.series["mean_wait_ms"][-1][1] == pytest.approx(result.outcome.figures["mean_wait_ms"], rel=0.1)
    assert [at for at, _ in result.series["mean_wait_ms"]] == sorted(at for at, _ in result.series["mean_wait_ms"])
    assert samples[-1].progress == 1.0


def anything(param):
    if param.choices:
        return st.sampled_from([choice.value for choice in param.choices])
    numbers = st.integers if isinstance(param.default, int) else st.floats
    return numbers(param.low, param.high)


@settings(max_examples=20, deadline=None)
@given(params=st.fixed_dictionaries({name: anything(param) for name, param in experiment.params.items()}))
def test_any_allowed_settings_end_with_every_figure(params):
    outcome = simulated(**{**params, "engine": "simulated", "customers": 10_000}).outcome
    assert set(outcome.figures) == set(experiment.figures) - OF_REAL_SERVERS
    assert all(value >= 0 for value in outcome.figures.values())
    assert (outcome.expected == {}) == (params["utilisation"] >= 1)


def test_what_cannot_be_is_refused_by_name():
    with pytest.raises(ParamsError) as refused:
        simulated(servers=0, utilisation=2, service="slow")
    assert set(refused.value.problems) == {"servers", "utilisation", "service"}


@pytest.mark.parametrize("slug", experiment.presets)
def test_every_question_has_settings_that_are_allowed_and_one_right_cause(slug):
    preset = experiment.presets[slug]
    assert Settings.of(experiment.clean(preset.params)).servers >= 1
    assert sum(cause.right for cause in preset.causes) == 1
    assert preset.predict.figure in experiment.figures
