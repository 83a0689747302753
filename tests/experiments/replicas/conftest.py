import pytest

from apps.experiments.runner import run_experiment
from tests.experiments.conftest import as_in_theory, run_until


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
    """Return a function that runs the lab until each of some figures has once been as theory has it, and `also` (of the
    figures) has held once, three times at most, and gives the last result."""

    def run(*figures, also=lambda figures: True, **params):
        checks = [*map(as_in_theory, figures), lambda result: also(result.outcome.figures)]
        return run_until(checks, replicate, **params)

    return run
