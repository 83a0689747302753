"""How does a lab become a result? Clean the parameters, wait for the machine, run, judge, stamp the passport."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping
from dataclasses import asdict, dataclass, replace
from math import isfinite
from typing import Any, TypeVar

from apps.experiments.base import Experiment, Kind, Outcome, Point, Sample
from apps.experiments.bench import Bench
from apps.experiments.hostload import CALM, busy_share, calm_down, ticks
from apps.experiments.hostlock import hold, lock_file
from apps.experiments.params import Value
from apps.experiments.passport import Passport, close_passport, open_passport
from apps.experiments.registry import experiments

CONTENDED = "The machine was {:.0f} % busy with other work when this run began. Latencies are partly its own."

Series = dict[str, list[Point]]
T = TypeVar("T")


class UnknownExperiment(LookupError):
    """There is no such lab; the message says which there are."""


class Stopped(Exception):
    """The run was stopped on request. `series` holds the points so far."""

    def __init__(self, series: Series) -> None:
        super().__init__("The run was stopped.")
        self.series = series


@dataclass(frozen=True, slots=True)
class Result:
    """A finished run: what was set, what came out, what theory says, and under which conditions."""

    slug: str
    kind: Kind
    params: dict[str, Value]
    seed: int
    outcome: Outcome
    series: Series
    finding: str
    passport: Passport

    def as_json(self) -> dict[str, Any]:
        """Return the result in the form that the shell prints and the site stores; the names are a contract."""
        return {
            "slug": self.slug,
            "kind": self.kind,
            "params": self.params,
            "seed": self.seed,
            "figures": dict(self.outcome.figures),
            "expected": {name: asdict(theory) for name, theory in self.outcome.expected.items()},
            "series": {name: [list(point) for point in points] for name, points in self.series.items()},
            "passport": self.passport,
            "finding": self.finding,
            "caveats": list(self.outcome.caveats),
            "exhibits": [asdict(exhibit) for exhibit in self.outcome.exhibits],
            "generator_bound": self.outcome.generator_bound,
            "intervals": dict(self.outcome.intervals),
            "model": self.outcome.model,
            "gap": self.outcome.gap,
            "film": self.outcome.film.as_json() if self.outcome.film else None,
        }


def find_experiment(slug: str) -> Experiment:
    """Return the lab with this slug. Raises UnknownExperiment."""
    known = experiments()
    if slug not in known:
        raise UnknownExperiment(f"There is no lab {slug!r}. Labs: {', '.join(known)}.")
    return known[slug]


def run_experiment(
    slug: str,
    raw_params: Mapping[str, object],
    *,
    seed: int,
    bench: Bench,
    on_sample: Callable[[Sample], None],
    should_stop: Callable[[], bool],
) -> Result:
    """Run one lab from beginning to end, handing each sample to `on_sample`.

    Raises UnknownExperiment, ParamsError, ExperimentError (worded for the learner) or, soon after
    `should_stop()` turned true, Stopped. However it ends, the machine and the servers are free again.
    """
    params = find_experiment(slug).clean(raw_params)
    experiment = find_experiment(slug).as_run_with(params)
    watched = _Watched(on_sample, should_stop)
    lock = watched.follow(hold(lock_file(), bench.clock)) if experiment.kind == "measured" else None
    try:
        busy = watched.follow(calm_down(bench.clock)) if lock is not None else None
        started, ticks_before, passport = bench.clock.now(), ticks(), open_passport(busy)
        outcome = watched.follow(experiment.run(params, bench.seeded(seed)))
        passport = close_passport(
            passport,
            slug=slug,
            engines={engine: name for engine, name in bench.engines().items() if engine in experiment.engines},
            duration_s=bench.clock.now() - started,
        )
        passport["busy_during"] = busy_share(ticks_before, ticks())
    finally:
        if lock is not None:
            os.close(lock)
    outcome = bounded(_told(outcome, busy))
    finding = experiment.finding(params, outcome)
    return Result(slug, experiment.kind, params, seed, outcome, watched.series, finding, _stamped(passport, outcome))


def bounded(outcome: Outcome) -> Outcome:
    """Return the outcome without intervals and theory whose width has no end: they say nothing, and JSON cannot."""
    intervals = {name: half for name, half in outcome.intervals.items() if isfinite(half)}
    expected = {name: theory for name, theory in outcome.expected.items() if isfinite(theory.tolerance)}
    return replace(outcome, intervals=intervals, expected=expected)


def _told(outcome: Outcome, busy: float | None) -> Outcome:
    """Return the outcome, with a caveat if the machine was busy when a timed run began."""
    if busy is None or busy <= CALM:
        return outcome
    return replace(outcome, caveats=(*outcome.caveats, CONTENDED.format(busy * 100)))


def _stamped(passport: Passport, outcome: Outcome) -> Passport:
    """Return the passport with what was counted twice and where the processes ran, if the run told."""
    counted = {what: {"client": client, "server": server} for what, (client, server) in outcome.counted.items()}
    host = {**passport["host"], **({"placement": outcome.placement} if outcome.placement else {})}
    return {**passport, "host": host, **({"counted": counted} if counted else {})}


class _Watched:
    """Follows generators of samples to their end, keeps the points, and asks after each sample whether to stop."""

    def __init__(self, on_sample: Callable[[Sample], None], should_stop: Callable[[], bool]) -> None:
        self.series: Series = {}
        self._on_sample, self._should_stop = on_sample, should_stop

    def follow(self, steps: Generator[Sample, None, T]) -> T:
        """Return what the generator returns. It is closed however this ends. Raises Stopped."""
        try:
            while True:
                try:
                    sample = next(steps)
                except StopIteration as end:
                    value: T = end.value
                    return value
                for name, point in sample.points.items():
                    self.series.setdefault(name, []).append(point)
                self._on_sample(sample)
                if self._should_stop():
                    raise Stopped(self.series)
        finally:
            steps.close()
