"""How is the compiled loop kept going? With numbers when they run out, with room, with the system's changes."""

from __future__ import annotations

from math import inf

import numpy as np

from apps.simulator.calls.compiled import engine
from apps.simulator.calls.compiled.agenda import ARRIVALS, ARRIVE, FIRST, KEYS, KINDS
from apps.simulator.calls.compiled.agenda import CHANGE as CHANGE_EVENT
from apps.simulator.calls.compiled.changing import change
from apps.simulator.calls.compiled.counting import close
from apps.simulator.calls.compiled.records import NOBODY
from apps.simulator.calls.compiled.world import grown, world_of
from apps.simulator.calls.layout import Layout
from apps.simulator.calls.report import MARKS
from apps.simulator.calls.sources import Sources
from apps.simulator.calls.story_attempt import AWAY, WAITING
from apps.simulator.calls.tallies import Books, Span
from apps.simulator.hashing.stable import Ints
from apps.simulator.streams import Draws

BY_CHANCE = ("random", "least-connections", "two-choices")


class Drive:
    """A run of the compiled engine: what `Story` and `Ledger` are to the reference."""

    def __init__(
        self,
        layout: Layout,
        sources: Sources,
        span: Span,
        books: Books,
        bucket_s: float,
        visits: int,
        watch_from: float,
    ) -> None:
        self.layout, self.span = layout, span
        self.world, self.at_once = world_of(
            layout, span, books, bucket_s=bucket_s, visits=visits, watch_from=watch_from
        )
        self.draws = _draws_needed(layout, sources)

    def run(self) -> float:
        """Carry the system on until the span is over, and return when that was."""
        self.draw()
        self.plan()
        while (state := engine.advance(self.world)) != engine.DONE:
            if state == engine.DRAW:
                self.draw()
            elif state == engine.GROW:
                self.world = grown(self.world)
            else:
                self.change(int(self.world.it[0]["changing"]))
        return self.close()

    def draw(self) -> None:
        """Fill up the sources that run short; what is left of each comes first."""
        world = self.world
        world.it[0]["short"] = 0
        for source, draws in self.draws.items():
            used, end = int(world.used[source]), int(world.limit[source]) + self.at_once
            if world.limit[source] < 0:
                end = 0
            if used >= world.limit[source]:
                left, block = world.numbers[source, used:end].copy(), draws.block()
                world.numbers[source, : len(left)] = left
                world.numbers[source, len(left) : len(left) + len(block)] = block
                world.used[source], world.limit[source] = 0, len(left) + len(block) - self.at_once

    def plan(self) -> None:
        """Plan the changes and the first arrival: a list in order is a heap."""
        world = self.world
        planned = [
            (each.at_s, number, number * KINDS + CHANGE_EVENT) for number, each in enumerate(self.layout.system.changes)
        ]
        planned.append((float(world.numbers[ARRIVALS, 0]), len(planned), ARRIVE))
        world.used[ARRIVALS] = 1
        for place, (time, number, what) in enumerate(sorted(planned)):
            world.at[place], world.number[place], world.what[place] = time, number, what
        world.it[0]["events"] = world.it[0]["planned"] = len(planned)

    def change(self, number: int) -> None:
        """Carry out a change of the system, and mark it."""
        told, world, it = self.layout.system.changes[number], self.world, self.world.it[0]
        place = self.layout.names.index(told.service)
        if it["marked"] < len(world.marks):
            world.marks[it["marked"]] = (it["now"], place, MARKS.index("change"))
            it["marked"] += 1
        first, behind = self.layout.first_replica[place], self.layout.first_replica[place + 1]
        for replica in range(first, behind) if told.replica is None else [first + told.replica]:
            if told.fails is not None:
                world.replicas["fails"][replica] = told.fails
            change(world, replica, self.inside(replica), bool(told.gone), float(told.speed), float(told.noticed_s))

    def inside(self, replica: int) -> Ints:
        """Return the slots of those who came to a replica and are not answered, in the order of their coming."""
        attempts = self.world.attempts
        state = attempts["state"]
        there = (attempts["serial"] != NOBODY) & (attempts["replica"] == replica) & (state >= WAITING) & (state <= AWAY)
        slots = np.flatnonzero(there)
        return slots[np.argsort(attempts["entered"][slots])]

    def close(self) -> float:
        """End the last bucket and the last batch, as `Ledger.close` does; returns when."""
        world, it = self.world, self.world.it[0]
        if self.span.until < inf and not it["stopped"]:
            it["now"] = self.span.until
        close(world)
        return float(it["now"])

    @property
    def bucket_s(self) -> float:
        """Return how long the buckets of the timeline are at the end, in seconds."""
        return float(self.world.it[0]["bucket_s"])

    @property
    def visits(self) -> np.ndarray:
        """Return the rows of visits that were written."""
        return self.world.visits[: self.world.it[0]["written"]]

    @property
    def marks(self) -> np.ndarray:
        """Return the marks that were made."""
        return self.world.marks[: self.world.it[0]["marked"]]


def _draws_needed(layout: Layout, sources: Sources) -> dict[int, Draws]:
    """Return the sources that a system can ask for numbers, by their place in the engine."""
    system = layout.system
    needed = {ARRIVALS: sources.arrival}
    if sources.needs_keys:
        needed[KEYS] = sources.key
    fails = any(change.fails for change in system.changes)
    for place, service in enumerate(layout.services):
        needed[FIRST + 3 * place] = sources.work[place]
        if service.balancer in BY_CHANCE:
            needed[FIRST + 3 * place + 1] = sources.routing[place]
        if fails or service.fails > 0:
            needed[FIRST + 3 * place + 2] = sources.failure[place]
    links = FIRST + 3 * len(layout.services)
    for link in layout.links:
        if link.call.retry.attempts > 1 and link.call.retry.jitter != "none":
            needed[links + 2 * link.number] = sources.jitter[link.number]
        if link.call.chance < 1:
            needed[links + 2 * link.number + 1] = sources.chance[link.number]
    return needed
