"""Sixty in a hundred from a small cache: lost by keeping more, won by keeping longer."""

import pytest

from apps.experiments.catalog.caching import experiment
from apps.experiments.challenge import judge

CHALLENGE = experiment.challenges["small-and-useful"]


@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_lost_without_the_idea_and_won_with_it(seed, measure):
    lost, won = (
        judge(CHALLENGE, result.params, result.outcome.figures)
        for result in (measure(seed=seed, **CHALLENGE.settings(each)) for each in (CHALLENGE.naive, CHALLENGE.solution))
    )
    assert not lost.won
    assert won.won
    assert won.cost <= CHALLENGE.par
