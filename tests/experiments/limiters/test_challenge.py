"""The limit in every window: who holds it, who lets more through, and what each remembers."""

import pytest

from apps.experiments.catalog.rate_limiting import experiment
from apps.experiments.challenge import judge

CHALLENGE = experiment.challenges["every-window"]


@pytest.mark.parametrize("seed", range(3))
def test_it_is_lost_without_the_idea_and_won_with_it(seed, told):
    lost, won = (
        judge(CHALLENGE, settings, told(seed=seed, **settings).outcome.figures)
        for settings in (CHALLENGE.settings(CHALLENGE.naive), CHALLENGE.settings(CHALLENGE.solution))
    )
    assert lost.held == (False, True)
    assert won.won
    assert won.cost <= CHALLENGE.par


@pytest.mark.parametrize(
    ("algorithm", "held"),
    [
        ("fixed-window", (False, True)),
        ("sliding-counter", (False, True)),
        ("gcra", (False, True)),
        ("sliding-log", (True, True)),
    ],
)
def test_only_what_remembers_enough_or_makes_them_wait_holds_it(algorithm, held, told):
    settings = CHALLENGE.settings({"algorithm": algorithm})
    verdict = judge(CHALLENGE, settings, told(**settings).outcome.figures)
    assert verdict.held == held
    assert (verdict.cost > CHALLENGE.par) == (algorithm == "sliding-log")
