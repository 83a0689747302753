"""Services that call each other, in theory: every row of the reference, and drawn requests where it has none."""

import numpy as np
import pytest

from apps.experiments.meshes.theory import chained, fanned, stations, tries_of
from apps.experiments.systems.times import (
    erlang_percentile,
    erlang_tail,
    harmonic,
    slowest_percentile,
    slowest_tail,
)


@pytest.mark.parametrize(("services", "truth"), [(10, 0.990045), (30, 0.970431)])
def test_availabilities_in_a_row_multiply(services, truth):
    assert chained([0.999] * services, 1).availability == pytest.approx(truth, abs=1e-6)
    assert fanned([0.999] * services, 1).availability == pytest.approx(truth, abs=1e-6)


@pytest.mark.parametrize(("tries", "truth"), [(3, [3, 9, 27, 81, 243]), (4, [4, 16, 64, 256, 1024])])
def test_tries_multiply_level_by_level_when_the_last_is_down(tries, truth):
    assert [chained([1.0] * (depth - 1) + [0.0], tries).attempts[-1] for depth in range(1, 6)] == truth
    assert chained([1.0, 0.0], tries).availability == 0


def test_tries_of_a_call_that_fails_now_and_then():
    assert tries_of(0.5, 3) == pytest.approx(1.75)
    assert tries_of(0.0, 3) == 1
    assert tries_of(1.0, 3) == 3


@pytest.mark.parametrize(("count", "truth"), [(2, 1.5), (5, 2.283), (10, 2.929), (100, 5.187)])
def test_the_slowest_of_many_takes_the_harmonic_sum(count, truth):
    assert harmonic(count) == pytest.approx(truth, abs=1e-3)


def test_percentiles_are_where_the_tails_say():
    assert erlang_tail(erlang_percentile(0.99, 30, 0.01), 30, 0.01) == pytest.approx(0.01)
    assert erlang_percentile(0.99, 1, 1.0) == pytest.approx(4.60517, abs=1e-4)
    assert slowest_percentile(0.99, 100, 1.0) == pytest.approx(9.205, abs=1e-3)
    assert slowest_tail(slowest_percentile(0.99, 100, 1.0), 100, 1.0) == pytest.approx(0.01)
    assert erlang_tail(0.0, 3, 1.0) == slowest_tail(0.0, 3, 1.0) == 1.0


def test_single_servers_in_a_row_are_each_as_if_alone():
    assert stations([80.0] * 4, 0.01, 1) == pytest.approx(4 * 0.05)


@pytest.mark.parametrize("shape", [chained, fanned])
def test_tries_are_those_of_drawn_requests(shape):
    random, answers, tries, requests = np.random.default_rng(3), [0.9, 0.8, 0.7], 2, 20_000
    calls = np.zeros(3)

    def chain(level):
        for _ in range(tries):
            calls[level] += 1
            if random.random() < answers[level] and (level == 2 or chain(level + 1)):
                return True
        return False

    def leaf(level):
        for _ in range(tries):
            calls[level] += 1
            if random.random() < answers[level]:
                return True
        return False

    def page():
        return any(all([leaf(level) for level in range(3)]) for _ in range(tries))  # noqa: C419  (all of them are asked)

    answered = sum(chain(0) if shape is chained else page() for _ in range(requests))
    theory = shape(answers, tries)
    assert answered / requests == pytest.approx(theory.availability, abs=0.012)
    assert calls / requests == pytest.approx(np.array(theory.attempts), rel=0.02)
