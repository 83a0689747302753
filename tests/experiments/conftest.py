"""One bench for all tests here: its servers start once and stay warm, as in a worker."""

import pytest

from apps.experiments.bench import Bench
from apps.experiments.runner import run_experiment


@pytest.fixture(scope="session")
def bench():
    bench = Bench.from_environment()
    yield bench
    bench.close()


@pytest.fixture(scope="session")
def measure(bench):
    """Return a function that runs the caching lab and gives its result; unlike a learner it never stops."""

    def run(seed=1, on_sample=lambda sample: None, should_stop=lambda: False, **params):
        return run_experiment("caching", params, seed=seed, bench=bench, on_sample=on_sample, should_stop=should_stop)

    return run


def agrees(result, figure):
    """Return whether a figure is as near to theory as theory says it is."""
    theory = result.outcome.expected[figure]
    return abs(result.outcome.figures[figure] - theory.value) <= theory.tolerance
