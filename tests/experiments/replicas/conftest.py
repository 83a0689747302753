import pytest

from apps.experiments.runner import run_experiment
from tests.experiments.conftest import agrees


@pytest.fixture(scope="session")
def replicate(bench):
    """Return a function that runs the replication lab and gives its result; unlike a learner it never stops."""

    def run(seed=1, on_sample=lambda sample: None, should_stop=lambda: False, **params):
        return run_experiment(
            "replication-lag", params, seed=seed, bench=bench, on_sample=on_sample, should_stop=should_stop
        )

    return run


@pytest.fixture(scope="session")
def confirmed(replicate):
    """Return a function that runs the lab, a second time with another seed if theory and figures differ: of a hundred
    runs five may be outside. It gives the result and fails if that is not as theory has it."""

    def run(*figures, **params):
        result = replicate(**params)
        if all(agrees(result, figure) for figure in figures):
            return result
        result = replicate(seed=2, **params)
        told = {figure: (result.outcome.figures.get(figure), result.outcome.expected[figure]) for figure in figures}
        assert [figure for figure in figures if not agrees(result, figure)] == [], told
        return result

    return run
