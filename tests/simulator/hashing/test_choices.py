"""Balls into bins: with one choice the fullest bin is far above the mean, with two hardly at all."""

import numpy as np
import pytest

from apps.simulator.hashing import choices
from apps.simulator.hashing.stable import scattered

BALLS = scattered(np.arange(1_000_000))


def fullest(bins, balls, count, salt):
    return int(np.bincount(choices.place(bins, BALLS[:balls], count, salt * 1_000)).max())


@pytest.mark.parametrize(("count", "mean", "seeds"), [(1, 7.68, 60), (2, 3.40, 20), (3, 3.0, 6)])
def test_as_many_balls_as_bins(count, mean, seeds):
    found = [fullest(100_000, 100_000, count, seed) for seed in range(seeds)]
    assert np.mean(found) == pytest.approx(mean, abs=0.35)
    assert set(found) <= {1: {6, 7, 8, 9, 10}, 2: {3, 4}, 3: {3}}[count]


@pytest.mark.parametrize(("count", "allowed"), [(1, {8, 9, 10}), (2, {4}), (3, {3})])
def test_a_million_of_both(count, allowed):
    assert {fullest(1_000_000, 1_000_000, count, seed) for seed in range(5 if count == 1 else 1)} <= allowed


@pytest.mark.parametrize(("count", "truth", "tolerance"), [(1, 1079, 17), (2, 1002, 2), (3, 1001, 2)])
def test_a_thousand_balls_a_bin_are_no_further_from_the_mean_with_two_choices(count, truth, tolerance):
    found = [fullest(100, 100_000, count, seed) for seed in range(5)]
    assert np.mean(found) == pytest.approx(truth, abs=tolerance)
