"""The challenges of the queueing lab are lost without the idea, and won with it, whatever the seed."""

import pytest

from apps.experiments.catalog.queueing import experiment
from apps.experiments.challenge import judge
from tests.experiments.queues.test_queueing import simulated

SEEDS = range(8)


def verdicts(name, changed):
    challenge = experiment.challenges[name]
    results = [simulated(seed=seed, **challenge.settings(changed)) for seed in SEEDS]
    return [judge(challenge, result.params, result.outcome.figures) for result in results]


@pytest.mark.parametrize("name", experiment.challenges)
def test_a_fair_try_without_the_idea_loses(name):
    assert not any(each.won for each in verdicts(name, experiment.challenges[name].naive))


@pytest.mark.parametrize("name", experiment.challenges)
def test_with_the_idea_it_is_won_at_par(name):
    challenge = experiment.challenges[name]
    assert all(each.won and each.cost <= challenge.par for each in verdicts(name, challenge.solution))


@pytest.mark.parametrize("discipline", ["fifo", "lifo", "priority", "ps"])
def test_no_order_of_service_wins_it(discipline):
    for name in experiment.challenges:
        assert not any(each.won for each in verdicts(name, {"discipline": discipline}))
