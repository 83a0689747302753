"""How is a real queue measured? The simulator's own arrivals and work, in real time, at a server that works so long."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import psycopg
import redis

from apps.experiments.base import ExperimentError, Point, Sample
from apps.experiments.bench import Bench
from apps.experiments.clock import Clock
from apps.experiments.openloop import OpenLoop, late_ms
from apps.experiments.queues.drawing import FIRST
from apps.experiments.queues.settings import SERVERS, Settings, arrivals_until, first_work
from apps.experiments.queues.workers import real_workers
from apps.simulator.streams import Floats

TICK_S = 0.25
LATE_MS = 2.0  # as long as two of the shortest services
DRAIN_S = 2.0  # how long the line may still take after the last arrival
STUCK_S = 10.0  # a hundred times the longest mean service and more


@dataclass(frozen=True, slots=True)
class Measured:
    """What was seen of the requests that were served, in the order in which they came; seconds of the run."""

    due: Floats
    begun: Floats
    ended: Floats
    came: int  # all of them, those included that were still in line at the end
    slip: Floats  # how late our generator was, where a server was free
    placement: str

    @property
    def late(self) -> bool:
        """Return whether our generator was so late that requests came in clumps."""
        return late_ms(self.slip) > LATE_MS


def measure(settings: Settings, bench: Bench) -> Generator[Sample, None, Measured]:
    """Measure one run, with live points. Raises ExperimentError if the server is missing or stops on the way."""
    name, sources = SERVERS[settings.engine], settings.sources(bench.seed)
    due = arrivals_until(sources, settings.duration_s)
    work = first_work(sources, len(due)).tolist()
    if not bench.warm("redis" if settings.engine == "redis" else "postgres"):
        yield Sample(note=f"Starting {name}")
    try:
        with real_workers(bench, settings.engine, work, settings.servers) as workers:
            loop = OpenLoop(due, workers.serves, bench.clock, workers.cut)
            with loop:
                yield from _follow(settings, bench.clock, due, loop)
            # What is served after this moment is not in the arrays that are read here.
            begun, ended = loop.begun.copy(), loop.ended.copy()
    except (redis.RedisError, psycopg.Error) as error:
        raise ExperimentError(f"{name} stopped serving: {str(error).strip().splitlines()[0]}") from error
    served = in_a_row(ended)
    return Measured(due[:served], begun[:served], ended[:served], len(due), loop.slip, workers.placement)


def _follow(settings: Settings, clock: Clock, due: Floats, loop: OpenLoop) -> Generator[Sample, None, None]:
    """Tell four times a second what was served, and wait for the last ones in line."""
    shown, ticks = 0, round(settings.duration_s / TICK_S)
    for tick in range(1, ticks + 1):
        at = tick * TICK_S
        clock.sleep_until(loop.start + at)
        _check(settings, loop)
        begun, ended = loop.begun, loop.ended
        served = min(FIRST, in_a_row(ended))
        yield from _waits(due, begun, shown, served)
        shown = served
        line = int(np.count_nonzero(due <= at)) - int(np.count_nonzero(begun <= at))
        points: dict[str, Point] = {"line": (at, float(line))}
        if (done := np.isfinite(ended)).any():
            points["mean_wait_ms"] = (at, round(float((begun[done] - due[done]).mean()) * 1e3, 4))
        yield Sample(points=points, progress=tick / ticks)
    give_up_at = clock.now() + DRAIN_S
    while not loop.done() and clock.now() < give_up_at:
        clock.sleep(0.01)
    _check(settings, loop)
    yield from _waits(due, loop.begun, shown, min(FIRST, in_a_row(loop.ended)))


def _waits(due: Floats, begun: Floats, first: int, after: int) -> Generator[Sample, None, None]:
    """Yield the waits of some requests in ms, at the times when they came."""
    for at, wait in zip(due[first:after].tolist(), (begun - due)[first:after].tolist(), strict=True):
        yield Sample(points={"wait_ms": (round(at, 4), round(wait * 1e3, 4))})


def in_a_row(ended: Floats) -> int:
    """Return how many requests were served until the first that was not; NaN where there is no end."""
    missing = np.isnan(ended)
    return int(np.argmax(missing)) if missing.any() else len(ended)


def _check(settings: Settings, loop: OpenLoop) -> None:
    """Raise what a worker failed with, or say that an answer never came."""
    loop.check()
    if loop.stuck_s() > STUCK_S:
        raise ExperimentError(f"{SERVERS[settings.engine]} gave no answer for {STUCK_S:g} s.")
