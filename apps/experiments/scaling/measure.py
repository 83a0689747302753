"""How is a scaling run carried out? As workers who share a lock, or as a fleet that grows and shrinks."""

from __future__ import annotations

from collections.abc import Generator

from apps.experiments.base import Outcome, Sample
from apps.experiments.bench import Bench
from apps.experiments.params import Params
from apps.experiments.scaling.autoscale import run_fleet
from apps.experiments.scaling.curve import run_law
from apps.experiments.scaling.settings import Settings


def run(params: Params, bench: Bench) -> Generator[Sample, None, Outcome]:
    """Carry out one scaling run."""
    settings = Settings.of(params)
    steps = run_fleet if settings.model == "autoscaling" else run_law
    return (yield from steps(settings, bench.seed))
