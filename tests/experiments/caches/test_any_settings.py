"""Does every set of parameters that the lab allows finish, or is it refused in words?"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.experiments.base import ExperimentError
from apps.experiments.catalog.caching import experiment
from apps.experiments.params import ParamsError

LEAST = {"duration_s": 2, "event_at_s": 1.0}


def values(name, param):
    """Return a strategy for one parameter over its whole range."""
    if name in LEAST:
        return st.just(LEAST[name])
    if param.choices:
        return st.sampled_from([choice.value for choice in param.choices])
    if isinstance(param.default, int):
        return st.integers(int(param.low), int(param.high))
    return st.floats(param.low, param.high).map(lambda value: round(value, 2))


ANY = st.fixed_dictionaries({name: values(name, param) for name, param in experiment.params.items()})


@pytest.mark.measured
@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(params=ANY)
def test_every_run_ends_with_figures_or_says_what_to_change(measure, params):
    if params["event"] == "redis-down":
        params = {**params, "duration_s": 4}
    result = figures_or_reason(measure, params)
    if isinstance(result, str):
        assert result.endswith(".")
        assert len(result) > 20
    else:
        assert set(result.outcome.figures) <= set(experiment.figures)
        assert set(result.outcome.expected) <= set(result.outcome.figures)
        assert result.finding.endswith(".")


def figures_or_reason(measure, params):
    """Return the result of a run, or the words with which it was refused."""
    try:
        return measure(**params)
    except (ParamsError, ExperimentError) as refused:
        return str(refused)
