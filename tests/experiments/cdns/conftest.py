"""Runs of the lab of content delivery networks as a learner starts them."""

import pytest

from apps.experiments.bench import Bench
from apps.experiments.runner import run_experiment


@pytest.fixture(scope="session")
def cdn():
    """Return a function that runs the lab and gives its result."""
    bench = Bench.from_environment()

    def run(seed=1, samples=None, **params):
        on_sample = (samples if samples is not None else []).append
        return run_experiment("cdn", params, seed=seed, bench=bench, on_sample=on_sample, should_stop=lambda: False)

    yield run
    bench.close()
