"""One way to run the rate-limiting lab, and small settings for its parts."""

import json
from dataclasses import asdict, dataclass, replace

import pytest

from apps.experiments.base import Outcome
from apps.experiments.catalog.rate_limiting import experiment
from apps.experiments.limiters.settings import Settings
from apps.experiments.runner import run_experiment


@pytest.fixture(scope="session")
def limit(bench):
    """Return a function that runs the rate-limiting lab and gives its result."""

    def run(seed=1, on_sample=lambda sample: None, should_stop=lambda: False, **params):
        return run_experiment(
            "rate-limiting", params, seed=seed, bench=bench, on_sample=on_sample, should_stop=should_stop
        )

    return run


@dataclass(frozen=True)
class Told:
    """What a run on the virtual clock came to."""

    outcome: Outcome
    series: dict
    finding: str

    def as_text(self):
        """Return all of it that the site keeps, but for the passport."""
        kept = replace(self.outcome, counted={})
        return json.dumps([asdict(kept), self.series, self.finding], sort_keys=True)


@pytest.fixture(scope="session")
def told(bench):
    """Return a function that runs the lab on the virtual clock: nothing is timed, so it need not wait its turn."""

    def run(seed=1, **params):
        settings, series = experiment.clean({"clock": "virtual", **params}), {}
        steps = experiment.run(settings, bench.seeded(seed))
        while True:
            try:
                sample = next(steps)
            except StopIteration as end:
                return Told(end.value, series, experiment.finding(settings, end.value))
            for name, point in sample.points.items():
                series.setdefault(name, []).append(point)

    return run


def settings_of(**params):
    """Return settings as the lab would have them; what is not named has its default."""
    return Settings.of(experiment.clean(params))
