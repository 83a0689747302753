"""How is a run with retries carried out? As a load through layers, or as a crowd that comes at one moment."""

from __future__ import annotations

from collections.abc import Generator

from apps.experiments.base import Outcome, Sample
from apps.experiments.bench import Bench
from apps.experiments.params import Params
from apps.experiments.retrying.crowd import run_contention, run_reconnect
from apps.experiments.retrying.load import run_load
from apps.experiments.retrying.settings import Settings


def run(params: Params, bench: Bench) -> Generator[Sample, None, Outcome]:
    """Carry out one run with retries."""
    settings = Settings.of(params)
    ways = {"reconnect": run_reconnect, "contention": run_contention}
    return (yield from ways.get(settings.trigger, run_load)(settings, bench.seed))
