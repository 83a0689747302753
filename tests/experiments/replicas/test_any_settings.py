"""Does every set of parameters inside the declared ranges come to an end, or is it refused in words?"""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.experiments.base import ExperimentError
from apps.experiments.params import ParamsError
from apps.experiments.registry import experiments

LAB = experiments()["replication-lag"]
EDGES = {"link_kbps": (0, 1, 200, 5_000, 100_000)}  # evenly drawn, nearly all links would be wide


def values(name, param):
    if param.choices:
        return st.sampled_from([choice.value for choice in param.choices])
    if name in EDGES:
        return st.sampled_from(EDGES[name])
    number = st.integers if isinstance(param.default, int) else st.floats
    return number(min_value=type(param.default)(param.low), max_value=type(param.default)(param.high))


ANY = st.fixed_dictionaries(
    {name: values(name, param) for name, param in LAB.params.items() if name not in ("replicas", "duration_s")}
)


@pytest.mark.parametrize("replicas", [1, 2, 3])
def test_any_settings_end_in_a_result_or_in_words(replicas, replicate):
    @settings(
        max_examples=7, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip
    @given(params=ANY)
    def attempt(params):
        try:
            result = replicate(**params | {"replicas": replicas, "duration_s": 2, "event_at_s": 1})
        except (ParamsError, ExperimentError):  # in words; anything else fails the test
            return
        figures = result.outcome.figures
        assert set(figures) <= set(LAB.figures)
        assert all(value == value for value in figures.values()), "no figure is NaN"
        assert result.finding.endswith(".")
        assert set(result.outcome.expected) <= set(LAB.figures)

    attempt()
