"""One's own entry at once: lost by making everybody wait, won by remembering who wrote what."""

import pytest

from apps.experiments.catalog.replication_lag import experiment
from apps.experiments.challenge import judge
from apps.experiments.runner import run_experiment

CHALLENGE = experiment.challenges["my-own-entry"]


def verdict(changed, seed, bench):
    result = run_experiment(
        "replication-lag",
        CHALLENGE.settings(changed),
        seed=seed,
        bench=bench,
        on_sample=lambda _: None,
        should_stop=lambda: False,
    )
    return judge(CHALLENGE, result.params, result.outcome.figures)


@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_lost_without_the_idea_and_won_with_it(seed, bench):
    lost, won = (verdict(changed, seed, bench) for changed in (CHALLENGE.naive, CHALLENGE.solution))
    assert lost.held == (True, False), "nobody misses anything, and every commit waits for 100 ms"
    assert won.won
    assert won.cost <= CHALLENGE.par
