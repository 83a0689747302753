"""How is a run carried out in real time? On a schedule that waits for nobody, clients and Redis on one core."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import numpy as np

from apps.experiments.base import ExperimentError, Sample
from apps.experiments.bench import Bench
from apps.experiments.lab_redis import ANSWER_TIMEOUT_S, LabRedis
from apps.experiments.limiters import judge
from apps.experiments.limiters.evidence import Evidence
from apps.experiments.limiters.gateways import Gateways, InMemory, InRedis
from apps.experiments.limiters.journal import BLIND, Journal
from apps.experiments.limiters.settings import SECOND, Settings
from apps.experiments.limiters.stores import LOST, Decide
from apps.experiments.limiters.traffic import arrivals
from apps.experiments.openloop import OpenLoop, Serve
from apps.experiments.placement import pinned

DRAIN_S = 1.0  # how long requests that are late may still take after the end


def real_steps(settings: Settings, bench: Bench, server: LabRedis | None) -> Generator[Sample, None, Evidence]:
    """Carry out a run in real time, against `server` or in memory. Raises ExperimentError if the server stops."""
    plan: dict[str, tuple[int, list[int | None]]] = {"client": (0, [0])}
    if server:
        plan["Redis"] = (0, [server.pid])
    with pinned(plan) as placement, ExitStack() as stack:
        gateways = InRedis(settings, server, stack) if server else InMemory(settings)
        return (yield from _Trial(settings, bench, gateways, placement).steps())


@dataclass
class _Trial:
    settings: Settings
    bench: Bench
    gateways: Gateways
    placement: str
    most_bytes: int = 0
    gone: list[float] = field(default_factory=list)  # when Redis died, and when it was back

    def steps(self) -> Generator[Sample, None, Evidence]:
        settings, clock = self.settings, self.bench.clock
        self.journal = Journal(arrivals(settings, self.bench.random("arrivals")))
        decides = self.gateways.decides(clock, lambda: self.loop.start)
        serves = [self._serving(decide) for decide in decides]
        asked_before = self.gateways.asked()
        self.loop = OpenLoop(self.journal.due / SECOND, serves, clock, self.gateways.cut)
        with self.loop:
            yield from self._follow()
        return self._evidence(asked_before)

    def _evidence(self, asked_before: int | None) -> Evidence:
        decisions, asked = self.journal.read(ended=self.loop.ended), self.gateways.asked()
        counted = {}
        if asked is not None and asked_before is not None and not self.gone:  # a new server counts from zero
            counted["decisions"] = (int(np.count_nonzero(decisions.decided)), asked - asked_before)
        return Evidence(
            decisions=decisions,
            bytes_per_key=self.most_bytes,
            placement=self.placement,
            script=self.gateways.text,
            outage_s=self.gone[1] - self.gone[0] if self.gone else 0.0,
            waits_s=self.loop.begun - self.journal.due / SECOND,
            slip_s=self.loop.slip,
            gaps_us=self.gateways.gaps(),
            counted=counted,
        )

    def _serving(self, decide: Decide) -> Serve:
        """Return how one connection carries out a request."""
        journal, survives, verdict_without = self.journal, self.settings.event != "none", self.settings.blind_verdict

        def serve(i: int) -> None:
            try:
                journal.write(i, *decide(i))
            except LOST:
                if not survives:
                    raise
                journal.write(i, int(self.loop.elapsed() * SECOND), verdict_without, BLIND)

        return serve

    def _follow(self) -> Generator[Sample, None, None]:
        """Watch the gateways, kill and revive Redis if that was asked for, and wait for the last answers."""
        clock, loop, shown = self.bench.clock, self.loop, 0
        actions = self._actions()
        bins = int(self.settings.duration_s * SECOND) // judge.BIN
        # At odd tenths of a second, so that we do not compute while a burst meets an edge.
        for tick in (*range(1, bins, 2), bins):
            at = tick * judge.BIN / SECOND
            while actions and actions[0][0] <= at:
                moment, act = actions.pop(0)
                clock.sleep_until(loop.start + moment)
                act()
            clock.sleep_until(loop.start + at)
            loop.check()
            self._check_that_it_moves()
            yield from self._samples(range(shown + 1, tick + 1), bins)
            shown = tick
        give_up_at = clock.now() + DRAIN_S
        while not loop.done() and clock.now() < give_up_at:
            clock.sleep(0.01)
        loop.check()

    def _actions(self) -> list[tuple[float, Callable[[], None]]]:
        died = self.settings.event_at_s
        return [(died, self._crash), (died + self.settings.outage_s, self._revive)] if self.settings.outage_s else []

    def _crash(self) -> None:
        self.gone.append(self.loop.elapsed())
        self.gateways.crash()

    def _revive(self) -> None:
        self.gateways.revive()
        self.gone.append(self.loop.elapsed())

    def _check_that_it_moves(self) -> None:
        if self.loop.stuck_s() > ANSWER_TIMEOUT_S:
            raise ExperimentError(f"Redis gave no answer for {ANSWER_TIMEOUT_S:g} s.")

    def _samples(self, bins: range, last: int) -> Iterator[Sample]:
        """Yield the points of some tenths of a second."""
        if len(self.gone) != 1:
            self.most_bytes = max(self.most_bytes, self.gateways.bytes())
        end = bins[-1] * judge.BIN
        recent = self.journal.read(end - self.settings.lookback_us, end, self.loop.ended)
        for number in bins:
            yield Sample(points=judge.points(recent, number * judge.BIN, self.settings.policy), progress=number / last)
