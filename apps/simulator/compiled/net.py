"""How does a network run fast? A compiled loop over its events, which stops only to ask for numbers or for room."""

from __future__ import annotations

import numpy as np

from apps.simulator.compiled.heap import pop
from apps.simulator.compiled.jit import loop, step
from apps.simulator.compiled.moves import (
    ARRIVALS,
    ARRIVE,
    CROSSINGS,
    FINISH,
    KINDS_OF_EVENT,
    RANKS,
    SHORT,
    WORKS,
    begin,
    crowd,
    enter,
    give,
    move,
    next_in_line,
    plan_event,
    plan_shared,
    served,
    take,
    tell_shared,
)  # fmt: skip
from apps.simulator.compiled.state import (
    ARRIVED,
    BATCH,
    EVENTS,
    FREE,
    LEFT,
    LOGGED,
    NOBODY,
    NOW,
    SPARE,
    Numbers,
    grown,
    numbers_of,
    plan_of,
    scene_of,
)  # fmt: skip
from apps.simulator.network import Network
from apps.simulator.sources import Sources
from apps.simulator.statistics import Tallies, batch_of
from apps.simulator.streams import BLOCK, Floats

DONE, DRAW, GROW = 0, 1, 2
ROOM = 1_024  # customers and events at the start; doubled when they do not suffice


@step
def arrive(plan, numbers, scene, tallies, source):  # type: ignore[no-untyped-def]
    """Let the next customer of an arrival come, and plan the one after."""
    plan_event(scene, take(numbers.arrival, numbers.used, ARRIVALS, source), ARRIVE, source)
    slot = scene.tally[FREE]
    scene.tally[FREE] = scene.after[slot]
    scene.number[slot] = scene.tally[ARRIVED]
    scene.tally[ARRIVED] += 1
    scene.is_urgent[slot] = plan.urgent > 0 and take(numbers.rank, numbers.used, RANKS, source) < plan.urgent
    scene.born[slot] = scene.clock[NOW]
    enter(plan, numbers, scene, tallies, plan.places[source], slot)


@step
def finish(plan, numbers, scene, tallies, log, what):  # type: ignore[no-untyped-def]
    """End a customer's service at a waiting line, begin the next one's, and let the customer go on."""
    slot, place = what // len(scene.waiting), what % len(scene.waiting)
    crowd(scene, tallies, place, 0, -1)
    served(scene, tallies, log, place, slot, scene.began[slot] - scene.came[slot])
    if scene.waiting[place] > 0:
        crowd(scene, tallies, place, -1, 0)
        begin(scene, tallies, place, next_in_line(scene, place))
    move(plan, numbers, scene, tallies, place, slot)


@step
def finish_shared(plan, numbers, scene, tallies, log, place):  # type: ignore[no-untyped-def]
    """End the service of the customer of shared servers who has got all its work."""
    give(plan, scene, place)
    scene.given[place], slot = scene.done_at[place, 0], scene.done_slot[place, 0]
    pop(scene.done_at[place], scene.done_number[place], scene.done_slot[place], scene.inside[place])
    scene.inside[place] -= 1
    tell_shared(plan, scene, tallies, place, -1)
    lost = scene.clock[NOW] - scene.came[slot] - scene.work[slot]
    served(scene, tallies, log, place, slot, max(0.0, lost))
    plan_shared(plan, scene, place)
    move(plan, numbers, scene, tallies, place, slot)


@loop
def advance(plan, numbers, scene, tallies, log):  # type: ignore[no-untyped-def]
    """Carry out events until enough customers have left (0), numbers are used up (1), or room is short (2)."""
    while scene.tally[LEFT] < plan.customers:
        if numbers.used[SHORT, 0]:
            return DRAW
        if scene.tally[FREE] == NOBODY or scene.tally[EVENTS] + SPARE > len(scene.at):
            return GROW
        time, number, entry = scene.at[0], scene.planned[0], scene.what[0]
        pop(scene.at, scene.planned, scene.what, scene.tally[EVENTS])
        scene.tally[EVENTS] -= 1
        kind, what = entry % KINDS_OF_EVENT, entry // KINDS_OF_EVENT
        if kind == ARRIVE:
            scene.clock[NOW] = time
            arrive(plan, numbers, scene, tallies, what)
        elif kind == FINISH:
            scene.clock[NOW] = time
            finish(plan, numbers, scene, tallies, log, what)
        elif scene.current[what] == number:
            scene.clock[NOW] = time
            finish_shared(plan, numbers, scene, tallies, log, what)
    return DONE


def run(network: Network, sources: Sources, customers: int, warm_up: int, tallies: Tallies, log: Floats) -> Floats:
    """Run a network until so many customers have left, filling the tallies; returns the rows of the log in use."""
    plan = plan_of(network, sources, customers, warm_up)
    numbers, scene = numbers_of(len(plan.servers), len(plan.places)), scene_of(plan, ROOM, ROOM)
    scene.tally[BATCH] = batch_of(0, warm_up, customers)
    draw(numbers, sources)
    for source in range(len(plan.places)):
        plan_event(scene, take(numbers.arrival, numbers.used, ARRIVALS, source), ARRIVE, source)
    while (state := advance(plan, numbers, scene, tallies, log)) != DONE:
        if state == DRAW:
            draw(numbers, sources)
        else:
            scene = grown(plan, scene)
    return np.asarray(log[: scene.tally[LOGGED]])


def draw(numbers: Numbers, sources: Sources) -> None:
    """Fill the rows of numbers that are used up."""
    numbers.used[SHORT] = 0
    rows = (ARRIVALS, numbers.arrival, sources.arrival), (RANKS, numbers.rank, sources.rank), (
        WORKS, numbers.work, sources.work), (CROSSINGS, numbers.crossing, sources.crossing)  # fmt: skip
    for row, block, each in rows:
        for place, source in enumerate(each):
            if numbers.used[row, place] == BLOCK:
                block[place], numbers.used[row, place] = source.block(), 0
