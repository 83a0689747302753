import pytest

from apps.experiments.registry import experiments
from apps.labs.provenance import provenance, seeds_told

PASSPORT = {"redis": "Redis 6.2.14", "postgres": "PostgreSQL 18.4", "host": {"cores": 2}}


def test_a_chart_says_where_its_figures_come_from():
    said = provenance(experiments()["caching"], passport=PASSPORT, trials=3, seeds=[9, 7, 8])
    assert said == "measured · Redis 6.2.14 in front of PostgreSQL 18.4 · 2 cores · 3 trials · seeds 7 to 9"


def test_before_the_end_it_says_what_is_known():
    assert provenance(experiments()["caching"], passport=None, trials=1, seeds=[7]) == "measured · 1 trial · seed 7"


@pytest.mark.parametrize(
    ("seeds", "said"), [([], ""), ([5, 5], "seed 5"), ([5, 9], "seeds 5, 9"), ([1, 3, 5, 7], "4 seeds")]
)
def test_seeds_are_told_shortly(seeds, said):
    assert seeds_told(seeds) == said
