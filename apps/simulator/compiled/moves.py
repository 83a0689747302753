"""What can a customer do in a compiled network? The steps of the story, in the same order, over arrays."""

from __future__ import annotations

from apps.simulator.compiled.counting import batch_of, count_through, count_visit, write_visit
from apps.simulator.compiled.heap import push
from apps.simulator.compiled.jit import step
from apps.simulator.compiled.state import (
    BATCH,
    EVENTS,
    FREE,
    LEFT,
    LOGGED,
    NEWEST_FIRST,
    NOBODY,
    NOW,
    PLANNED,
    SHARED,
    SINCE,
    URGENT_FIRST,
)  # fmt: skip
from apps.simulator.streams import BLOCK

ARRIVE, FINISH, SHARED_FINISH = 0, 1, 2  # what an event is; its object follows: arrival, slot, station
KINDS_OF_EVENT = 3
ARRIVALS, RANKS, WORKS, CROSSINGS, SHORT = range(5)  # rows of `used`; the last one says that another is at its end


@step
def plan_event(scene, time, kind, what):  # type: ignore[no-untyped-def]
    """Put an event on the list and return its number."""
    number = scene.tally[PLANNED]
    push(scene.at, scene.planned, scene.what, scene.tally[EVENTS], time, number, what * KINDS_OF_EVENT + kind)
    scene.tally[EVENTS] += 1
    scene.tally[PLANNED] += 1
    return number


@step
def take(block, used, row, source):  # type: ignore[no-untyped-def]
    """Return the next number of a source."""
    at = used[row, source]
    used[row, source] = at + 1
    if at + 1 == BLOCK:
        used[SHORT, 0] = 1
    return block[source, at]


@step
def add_area(scene, tallies, place):  # type: ignore[no-untyped-def]
    """Add what has passed at a station since anything changed there, as `Ledger` does."""
    now, batch = scene.clock[NOW], scene.tally[BATCH]
    if batch >= 0:
        passed = now - scene.changed_at[place]
        tallies.queue_area[place, batch] += scene.waiting[place] * passed
        tallies.busy_area[place, batch] += scene.busy[place] * passed
    scene.changed_at[place] = now


@step
def crowd(scene, tallies, place, waiting, busy):  # type: ignore[no-untyped-def]
    """Note that so many more wait and are served."""
    add_area(scene, tallies, place)
    scene.waiting[place] += waiting
    scene.busy[place] += busy


@step
def begin(scene, tallies, place, slot):  # type: ignore[no-untyped-def]
    """Let a free server take a customer."""
    scene.began[slot] = scene.clock[NOW]
    crowd(scene, tallies, place, 0, 1)
    plan_event(scene, scene.clock[NOW] + scene.work[slot], FINISH, slot * len(scene.waiting) + place)


@step
def line_up(plan, scene, tallies, place, slot):  # type: ignore[no-untyped-def]
    """Put a customer into the waiting line of a station."""
    rank = 0 if plan.kind[place] == URGENT_FIRST and scene.is_urgent[slot] else 1
    if plan.kind[place] == NEWEST_FIRST:
        scene.after[slot] = scene.head[place, rank]
        scene.head[place, rank] = slot
    else:
        scene.after[slot] = NOBODY
        if scene.head[place, rank] == NOBODY:
            scene.head[place, rank] = slot
        else:
            scene.after[scene.tail[place, rank]] = slot
        scene.tail[place, rank] = slot
    crowd(scene, tallies, place, 1, 0)


@step
def next_in_line(scene, place):  # type: ignore[no-untyped-def]
    """Take the customer who is next out of the waiting line."""
    rank = 0 if scene.head[place, 0] != NOBODY else 1
    slot = scene.head[place, rank]
    scene.head[place, rank] = scene.after[slot]
    return slot


@step
def give(plan, scene, place):  # type: ignore[no-untyped-def]
    """Bring the work that each customer of shared servers has got up to now."""
    now, inside = scene.clock[NOW], scene.inside[place]
    if inside > 0:
        speed = min(1.0, plan.servers[place] / inside)
        scene.given[place] += (now - scene.given_at[place]) * speed
    scene.given_at[place] = now


@step
def plan_shared(plan, scene, place):  # type: ignore[no-untyped-def]
    """Plan who of shared servers is done next; what was planned before is void."""
    scene.current[place] = NOBODY
    inside = scene.inside[place]
    if inside > 0:
        left = max(0.0, scene.done_at[place, 0] - scene.given[place])
        speed = min(1.0, plan.servers[place] / inside)
        scene.current[place] = plan_event(scene, scene.clock[NOW] + left / speed, SHARED_FINISH, place)


@step
def tell_shared(plan, scene, tallies, place, change):  # type: ignore[no-untyped-def]
    """Note that so many more are at shared servers; `inside` is already counted."""
    inside, servers = scene.inside[place], plan.servers[place]
    busy = min(servers, inside) - min(servers, inside - change)
    crowd(scene, tallies, place, change - busy, busy)


@step
def enter_shared(plan, scene, tallies, place, slot):  # type: ignore[no-untyped-def]
    """Let a customer in among those who share the servers."""
    give(plan, scene, place)
    done = scene.given[place] + scene.work[slot]
    heap = scene.done_at[place], scene.done_number[place], scene.done_slot[place]
    push(heap[0], heap[1], heap[2], scene.inside[place], done, scene.entered[place], slot)
    scene.entered[place] += 1
    scene.inside[place] += 1
    tell_shared(plan, scene, tallies, place, 1)
    plan_shared(plan, scene, place)


@step
def leave(plan, scene, tallies, slot):  # type: ignore[no-untyped-def]
    """Free the slot of a customer who is gone; the next batch may begin."""
    scene.after[slot] = scene.tally[FREE]
    scene.tally[FREE] = slot
    scene.tally[LEFT] += 1
    left, batch = scene.tally[LEFT], scene.tally[BATCH]
    following = batch_of(left, plan.warm_up, plan.customers)
    if following != batch or left == plan.customers:
        for place in range(len(scene.waiting)):
            add_area(scene, tallies, place)
        if batch >= 0:
            tallies.seconds[batch] += scene.clock[NOW] - scene.clock[SINCE]
        scene.tally[BATCH] = following
        scene.clock[SINCE] = scene.clock[NOW]


@step
def enter(plan, numbers, scene, tallies, place, slot):  # type: ignore[no-untyped-def]
    """Let a customer come to a station, which may have no room."""
    scene.came[slot] = scene.clock[NOW]
    scene.work[slot] = take(numbers.work, numbers.used, WORKS, place)
    present = scene.busy[place] + scene.waiting[place]
    if plan.room[place] >= 0 and present >= plan.room[place]:
        if scene.tally[BATCH] >= 0:
            tallies.refused[place, scene.tally[BATCH]] += 1
        leave(plan, scene, tallies, slot)
    elif plan.kind[place] == SHARED:
        enter_shared(plan, scene, tallies, place, slot)
    elif scene.busy[place] < plan.servers[place]:
        begin(scene, tallies, place, slot)
    else:
        line_up(plan, scene, tallies, place, slot)


@step
def served(scene, tallies, log, place, slot, waited):  # type: ignore[no-untyped-def]
    """Note the end of a visit."""
    now, came, batch = scene.clock[NOW], scene.came[slot], scene.tally[BATCH]
    if scene.tally[LOGGED] < len(log):
        write_visit(log, scene.tally[LOGGED], scene.number[slot], place, came, waited, now)
        scene.tally[LOGGED] += 1
    if batch >= 0:
        count_visit(tallies, place, batch, waited, now - came)


@step
def move(plan, numbers, scene, tallies, place, slot):  # type: ignore[no-untyped-def]
    """Let a customer go on to another station, or out."""
    stations = len(scene.waiting)
    if plan.chances[place, stations - 1] > 0.0:
        drawn = take(numbers.crossing, numbers.used, CROSSINGS, place)
        for following in range(stations):
            if drawn < plan.chances[place, following]:
                enter(plan, numbers, scene, tallies, following, slot)
                return
    if scene.tally[BATCH] >= 0:
        count_through(tallies, scene.tally[BATCH], scene.clock[NOW] - scene.born[slot])
    leave(plan, scene, tallies, slot)
