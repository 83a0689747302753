"""How is a rate-limiting run carried out? On the clock that was asked for, against Redis or in the gateways' memory."""

from __future__ import annotations

from collections.abc import Generator

from apps.experiments.base import ExperimentError, Outcome, Sample
from apps.experiments.bench import Bench
from apps.experiments.lab_redis import LabRedis
from apps.experiments.limiters.evidence import Evidence
from apps.experiments.limiters.outcome import conclude
from apps.experiments.limiters.real import real_steps
from apps.experiments.limiters.settings import Settings
from apps.experiments.limiters.stores import LOST
from apps.experiments.limiters.virtual import virtual_steps
from apps.experiments.params import Params

NOT_OURS = "The Redis at LAB_REDIS_URL is not ours to kill. Use event=none, or unset it, and the lab has its own."


def run(params: Params, bench: Bench) -> Generator[Sample, None, Outcome]:
    """Carry out one run. Raises ExperimentError if Redis is missing, not ours to kill, or stops on the way."""
    settings = Settings.of(params)
    if not settings.on_redis:
        return conclude(settings, (yield from _steps(settings, bench, None)))
    if not bench.warm("redis"):
        yield Sample(note="Starting Redis")
    with bench.redis() as server:
        if settings.outage_s and server.pid is None:
            raise ExperimentError(NOT_OURS)
        return conclude(settings, (yield from _steps(settings, bench, server)))


def _steps(settings: Settings, bench: Bench, server: LabRedis | None) -> Generator[Sample, None, Evidence]:
    carry_out = virtual_steps if settings.virtual else real_steps
    try:
        return (yield from carry_out(settings, bench, server))
    except LOST as error:
        raise ExperimentError("Redis stopped answering, and the run ended there. Start it again.") from error
