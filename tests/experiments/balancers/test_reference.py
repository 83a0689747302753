"""The table of the reference: closed forms to the digit, and the simulated lab within 3 % and its own interval."""

from math import log

import numpy as np
import pytest

from apps.experiments.balancers import theory
from apps.experiments.bench import Bench
from apps.experiments.runner import run_experiment
from apps.simulator.arrivals import Even
from apps.simulator.calls.run import simulate
from apps.simulator.calls.system import Call, Service, System
from apps.simulator.services import Deterministic

BENCH = Bench.from_environment()
SERVICE_MS = 2.0


def mean_in_services(seed=1, unit_ms=SERVICE_MS, **params):
    """Return the mean time of a request and half of its interval, in units of a service."""
    outcome = run_experiment(
        "load-balancing",
        {"mean_service_ms": SERVICE_MS, "duration_s": 120.0, **params},
        seed=seed, bench=BENCH, on_sample=lambda sample: None, should_stop=lambda: False,
    ).outcome  # fmt: skip
    return outcome.figures["mean_ms"] / unit_ms, outcome.intervals["mean_ms"] / unit_ms


@pytest.mark.parametrize(("load", "truth"), [(0.7, 1.6145), (0.8, 1.9474), (0.9, 2.6141), (0.95, 3.383), (0.99, 5.432)])
def test_two_choices_of_very_many_servers(load, truth):
    assert theory.two_choices_response(load, 1.0) == pytest.approx(truth, abs=0.0005)


@pytest.mark.parametrize(
    ("load", "servers", "truth"), [(0.9, 10, 5.660), (0.9, 100, 5.227), (0.8, 10, 2.922), (0.8, 100, 2.716)]
)
def test_turns_before_exponential_servers(load, servers, truth):
    assert theory.in_turn_response(load, servers, 1.0) == pytest.approx(truth, abs=0.0006)


def test_random_dealing_is_a_queue_at_each_server():
    assert theory.split_response(9.0, [0.1] * 10, [1.0] * 10, 1.0) == pytest.approx(10.0)
    assert theory.split_p99(9.0, [0.1] * 10, [1.0] * 10) == pytest.approx(10 * log(100))
    weighted = theory.split_response(6.0, [0.4, 0.4, 0.1, 0.1], [0.25, 0.25, 1.0, 1.0], 1.0)
    assert weighted == pytest.approx(1.0)  # by speed, at random: the reference's closed form


@pytest.mark.parametrize(
    ("params", "truth"),
    [
        ({"algorithm": "random", "servers": 10, "utilisation": 0.9}, 10.0),
        ({"algorithm": "round-robin", "servers": 10, "utilisation": 0.9}, 5.660),
        ({"algorithm": "round-robin", "servers": 10, "utilisation": 0.8}, 2.922),
        ({"algorithm": "least-connections", "servers": 10, "utilisation": 0.9}, 1.932),
        ({"algorithm": "two-choices", "servers": 100, "utilisation": 0.9, "duration_s": 20.0}, 2.649),
        ({"algorithm": "least-connections", "servers": 100, "utilisation": 0.9, "duration_s": 20.0}, 1.065),
    ],
)
def test_equal_servers(params, truth):
    mean, half = mean_in_services(**params)
    assert abs(mean - truth) <= 0.03 * truth + half


@pytest.mark.parametrize(
    ("algorithm", "truth"), [("weighted", 0.698), ("least-connections", 0.651), ("two-choices", 1.454)]
)
def test_rates_of_four_four_one_and_one_at_sixty_per_cent(algorithm, truth):
    unit_ms = 4 * SERVICE_MS  # the reference's unit: a service of a slow server
    four = {"servers": 4, "slow_servers": 2, "slow_factor": 4.0, "utilisation": 0.6}
    found = [mean_in_services(seed, unit_ms, algorithm=algorithm, **four) for seed in range(3)]
    mean, half = np.mean([each for each, _ in found]), np.mean([each for _, each in found]) / 3**0.5
    assert abs(mean - truth) <= 0.03 * truth + half


@pytest.mark.parametrize(("algorithm", "truth", "tolerance"), [("random", 1079, 25), ("two-choices", 1002, 2)])
def test_connections_that_stay_are_balls_in_bins(algorithm, truth, tolerance):
    service = Service(Deterministic(1e9), replicas=100, balancer=algorithm)
    system = System({"server": service}, Call("server"), Even(1e5))
    visits = simulate(system, seed=1, seconds=1.000005, visits=200_000).visits
    assert len(visits) == pytest.approx(100_000, abs=1)
    assert np.bincount(visits["replica"]).max() == pytest.approx(truth, abs=tolerance)
