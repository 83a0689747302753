"""Does the pacing in the lesson on the seven steps add up to its table?"""

import pytest

from tests.lessons.tabs import module_of_tab

pacing = module_of_tab("interview/01-the-seven-steps", "Python")


def test_the_budgets_fill_forty_five_minutes_but_for_one_at_each_end():
    assert sum(pacing.OF_45) == 43
    assert list(pacing.schedule().values())[-1] == 44


@pytest.mark.parametrize(
    ("minute", "step"),
    [(1, "clarify"), (5, "estimate"), (16, "data model"), (17, "high-level"), (26, "deep dives"), (44, "wrap up")],
)
def test_it_tells_where_one_should_be(minute, step):
    assert pacing.where(minute) == step


@pytest.mark.parametrize(("spent", "said"), [(3, None), (4, "write down"), (5.9, "write down"), (6, "leave it")])
def test_it_nudges_at_the_budget_and_at_half_over(spent, said):
    nudged = pacing.nudge(spent, 4)
    assert nudged is None if said is None else nudged.startswith(said)
