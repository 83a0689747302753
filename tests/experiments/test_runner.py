import os
from dataclasses import replace
from types import MappingProxyType

import pytest

from apps.experiments import runner
from apps.experiments.base import Expected, Experiment, ExperimentError, Figure, Outcome, Sample
from apps.experiments.bench import Bench
from apps.experiments.clock import RealClock
from apps.experiments.hostlock import NOTE, hold
from apps.experiments.params import Param, ParamsError
from apps.experiments.runner import Stopped, UnknownExperiment, bounded, run_experiment

closed = []


def count_down(params, bench):
    try:
        for step in range(params["steps"]):
            if step == params["fails_at"]:
                raise ExperimentError("The rocket is wet.")
            yield Sample(points={"left": (float(step), float(params["steps"] - step))})
        return Outcome(figures={"drawn": float(bench.random("start").integers(1_000_000))})
    finally:
        closed.append(True)


ROCKET = Experiment(
    title="Rocket", question="When?", kind="simulated", concepts=(), presets={}, charts=(),
    params={"steps": Param("Steps", 3, "", low=1, high=9), "fails_at": Param("Fails at", 99, "", low=0, high=99)},
    figures={"drawn": Figure("Drawn", "")}, run=count_down,
    finding=lambda params, outcome: f"Drew {outcome.figures['drawn']:.0f}.",
    conflicts=lambda params: {"steps": "Not with 5."} if params["fails_at"] == 5 else {},
)  # fmt: skip


@pytest.fixture(autouse=True)
def rocket(monkeypatch):
    closed.clear()
    monkeypatch.setattr(runner, "experiments", lambda: MappingProxyType({"rocket": ROCKET}))
    monkeypatch.setattr(runner, "close_passport", lambda passport, **rest: passport)


def launch(seed=1, samples=None, should_stop=lambda: False, **params):
    on_sample = (samples if samples is not None else []).append
    bench = Bench.from_environment()
    return run_experiment("rocket", params, seed=seed, bench=bench, on_sample=on_sample, should_stop=should_stop)


def test_a_run_hands_out_every_sample_and_keeps_the_series():
    samples = []
    result = launch(samples=samples)
    assert len(samples) == 3
    assert result.as_json()["series"] == {"left": [[0.0, 3.0], [1.0, 2.0], [2.0, 1.0]]}
    assert result.finding.startswith("Drew ")


def test_the_seed_alone_decides_what_is_drawn():
    assert launch(seed=4).outcome == launch(seed=4).outcome
    assert launch(seed=4).outcome != launch(seed=5).outcome


def test_a_stopped_run_is_closed_and_keeps_its_points():
    with pytest.raises(Stopped) as stopped:
        launch(should_stop=lambda: True)
    assert stopped.value.series == {"left": [(0.0, 3.0)]}
    assert closed == [True]


def test_a_failure_for_the_learner_comes_through():
    with pytest.raises(ExperimentError, match="wet"):
        launch(fails_at=1)


def test_an_error_of_the_listener_closes_the_run():
    with pytest.raises(ZeroDivisionError):
        launch(should_stop=lambda: 1 / 0)
    assert closed == [True]


def test_wrong_parameters_are_refused_before_anything_runs():
    with pytest.raises(ParamsError) as refused:
        launch(steps=10, stepz=1)
    assert set(refused.value.problems) == {"steps", "stepz"}
    assert closed == []


def test_values_that_do_not_go_together_are_refused():
    with pytest.raises(ParamsError) as refused:
        launch(fails_at=5)
    assert refused.value.problems == {"steps": "Not with 5."}


def test_an_unknown_lab_is_refused_with_the_known_ones():
    with pytest.raises(UnknownExperiment, match="rocket"):
        runner.find_experiment("rockets")


@pytest.fixture
def somebody_measures(monkeypatch, tmp_path):
    """Another measured run has the machine for as long as the test takes."""
    monkeypatch.setattr(runner, "lock_file", lambda: tmp_path / "lock")
    with pytest.raises(StopIteration) as taken:
        next(hold(tmp_path / "lock", RealClock()))
    yield
    os.close(taken.value.value)


def stop_when_told_to_wait(samples):
    return lambda: bool(samples) and samples[-1].note == NOTE


@pytest.mark.usefixtures("somebody_measures")
def test_a_run_that_measures_time_waits_for_the_machine(monkeypatch):
    monkeypatch.setattr(runner, "experiments", lambda: {"rocket": replace(ROCKET, kind="measured")})
    samples = []
    with pytest.raises(Stopped):
        launch(samples=samples, should_stop=stop_when_told_to_wait(samples))


@pytest.mark.usefixtures("somebody_measures")
def test_a_run_that_measures_no_time_waits_for_nobody(monkeypatch):
    untimed = replace(ROCKET, kind="measured", timed=lambda params: False)
    monkeypatch.setattr(runner, "experiments", lambda: {"rocket": untimed})
    assert launch().passport["busy_before"] is None


def test_an_interval_or_a_theory_without_end_is_not_told():
    theory = {"a": Expected(1.0, 0.1, "Known"), "b": Expected(1.0, float("inf"), "Known")}
    told = bounded(Outcome(figures={"a": 1.0, "b": 1.0}, expected=theory, intervals={"a": 0.1, "b": float("inf")}))
    assert told.expected.keys() == told.intervals.keys() == {"a"}
