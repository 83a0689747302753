"""A real queue beside its model: the same requests, each wait explained, and nothing called measured that is not."""

import numpy as np
import pytest

from apps.experiments.catalog.queueing import experiment
from apps.experiments.params import ParamsError
from apps.experiments.queues.beside import Comparison, kendall
from apps.experiments.queues.gap import gap
from apps.experiments.queues.real import Measured, measure
from apps.experiments.queues.replay import log_as_measured, model_log, waits_of
from apps.experiments.queues.settings import Settings, arrivals_until, first_work
from apps.experiments.runner import run_experiment

SEED = 1
TOLERANCE, HANDED_OVER_S = 0.15, 0.003  # of the mean wait, and what a busy machine adds between two services
REAL = {"engine": "postgres", "service": "deterministic", "mean_service_ms": 10, "utilisation": 0.7, "duration_s": 3}


def settings_of(**params):
    return Settings.of(experiment.clean({**REAL, **params}))


def followed(steps):
    """Return what a generator of samples returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def by_hand(due, services, servers):
    """Return the waits in a line before so many servers: each request begins when the first of them is free."""
    free, waits = [0.0] * servers, []
    for came, service in zip(due, services, strict=True):
        first = min(range(servers), key=free.__getitem__)
        begun = max(came, free[first])
        free[first] = begun + service
        waits.append(begun - came)
    return np.array(waits)


@pytest.fixture(scope="module", params=[1, 3])
def real(request, bench):
    settings = settings_of(servers=request.param)
    return settings, followed(measure(settings, bench.seeded(SEED)))


def test_the_requests_are_those_of_the_simulator(real):
    settings, measured = real
    model = model_log(settings, SEED, len(measured.due))
    assert measured.due == pytest.approx(model[:, 2], abs=1e-12)
    assert (measured.ended - measured.begun >= settings.service_s).all(), "pg_sleep never wakes early"


def test_the_simulator_replays_measured_services_as_counting_by_hand_does(real):
    settings, measured = real
    replayed = log_as_measured(settings, measured)
    assert replayed[:, 3] == pytest.approx(
        by_hand(measured.due, measured.ended - measured.begun, settings.servers), abs=1e-9
    )


def test_measured_waits_agree_with_the_replay_of_the_measured_services(real):
    settings, measured = real
    comparison = Comparison.of(settings, measured, SEED)
    seen, replayed = waits_of(comparison.log), waits_of(comparison.as_measured)
    assert seen.mean == pytest.approx(replayed.mean, rel=TOLERANCE, abs=HANDED_OVER_S)
    assert seen.p99 == pytest.approx(replayed.p99, rel=TOLERANCE, abs=3 * HANDED_OVER_S)
    assert (comparison.log[:, 3] >= comparison.as_measured[:, 3] - 1e-6).all(), "handing over only adds"


@pytest.mark.parametrize("engine", ["postgres", "redis"])
def test_a_run_on_a_real_server_is_measured_and_has_the_model_beside_it(engine, bench):
    params = {**REAL, "engine": engine, "utilisation": 0.5, "duration_s": 2}
    result = run_experiment(
        "queueing", params, seed=SEED, bench=bench, on_sample=lambda _: None, should_stop=lambda: False
    )
    outcome = result.outcome
    assert result.kind == "measured"
    assert set(result.passport) & {"postgres", "redis"} == {engine}
    assert outcome.figures["service_ms"] >= 10
    assert len(result.series["model_wait_ms"]) == len(result.series["wait_ms"])
    assert "M/D/1" in outcome.model
    assert "services as measured" in outcome.gap
    assert outcome.film.visits
    assert {"mean_wait_ms", "p99_wait_ms", "utilisation"} <= set(outcome.intervals)
    assert "Pollaczek" in outcome.expected["mean_wait_ms"].source


def test_only_a_run_on_a_real_server_is_called_measured():
    assert experiment.kind == "simulated"
    assert experiment.kind_of(experiment.clean({})) == "simulated"
    assert experiment.as_run_with(experiment.clean({})).engines == ()
    lab = experiment.as_run_with(experiment.clean(REAL))
    assert (lab.kind, lab.engines, lab.model) == ("measured", ("postgres",), "")


def test_the_gap_is_told_in_numbers():
    due = np.arange(0.0, 2.0, 0.01)
    begun = due + 0.004
    measured = Measured(due, begun, begun + 0.0055, len(due), np.full(len(due), 0.0002), "")
    settings = settings_of(utilisation=0.5, arrivals="deterministic", mean_service_ms=5)
    comparison = Comparison.of(settings, measured, SEED)
    waits, model, alike = (waits_of(log) for log in (comparison.log, comparison.model, comparison.as_measured))
    told = gap(settings, measured, waits, model, alike)
    assert "Measured: 4 ms of mean wait" in told
    assert "the measured ones 5.5 ms, 0.500 ms longer" in told
    assert "The other 4 ms lie between two services" in told
    assert "0.200 ms late" in told


def test_arrivals_and_work_are_drawn_as_the_simulator_draws_them_over_several_blocks():
    settings = settings_of(engine="simulated", mean_service_ms=0.1, service="exponential")
    sources = settings.sources(SEED)
    due = arrivals_until(sources, 12.0)
    log = model_log(settings, SEED, len(due))
    assert len(due) > 65_536
    assert due.tolist() == log[:, 2].tolist()
    assert log[:, 4] - log[:, 2] - log[:, 3] == pytest.approx(first_work(sources, len(due)), abs=1e-9)


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({"engine": "redis", "servers": 2}, {"servers"}),
        ({"engine": "postgres", "servers": 65, "utilisation": 0.5, "mean_service_ms": 50}, {"servers"}),
        ({"discipline": "lifo"}, {"discipline"}),
        ({"mean_service_ms": 0.5}, {"mean_service_ms"}),
        ({"mean_service_ms": 80}, {"mean_service_ms"}),
        ({"servers": 64, "mean_service_ms": 2}, {"servers"}),
        ({"utilisation": 0.05, "duration_s": 2}, {"duration_s"}),
        ({"engine": "redis", "servers": 2, "discipline": "ps", "mean_service_ms": 0.5}, {"servers", "discipline",
                                                                                       "mean_service_ms"}),
    ],
)  # fmt: skip
def test_what_no_real_server_can_do_is_refused_by_name(params, names):
    with pytest.raises(ParamsError) as refused:
        experiment.clean({**REAL, **params})
    assert set(refused.value.problems) == names


def test_what_no_real_server_can_do_the_simulator_can():
    experiment.clean({"engine": "simulated", "servers": 64, "mean_service_ms": 0.5, "discipline": "lifo"})


def test_the_model_is_named_in_kendalls_letters():
    assert kendall(settings_of(servers=3)) == "M/D/3"
    assert kendall(settings_of(arrivals="on-off", service="pareto")) == "G/G/1"
