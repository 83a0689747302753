"""How does a store run fast? The story's messages over arrays, in the same order, compiled.

A message on the list is one number: what it is, of which pair, to which copy, with which version. What an event sends
is put on the list when the event is over; the loop stops only when the list needs more room.
"""

from __future__ import annotations

from apps.simulator.compiled.heap import pop, push
from apps.simulator.compiled.jit import loop, step
from apps.simulator.quorums.draws import Draws
from apps.simulator.quorums.record import Messages, Record
from apps.simulator.quorums.state import plan_of, room_for, state_of
from apps.simulator.quorums.system import Store

WRITE, STORE, ACK, END_WRITE, READ, LOOK_UP, ANSWER, END_READ, MEND = range(9)
KINDS = 9
EVENTS, PLANNED, SENT = 0, 1, 2  # places of `tally`
ROOM = 4_096


@step
def at(plan, state, time, kind, pair, copy, version):  # type: ignore[no-untyped-def]
    """Plan an event."""
    place = state.tally[SENT]
    state.sent_at[place] = time
    state.sent[place] = ((version * len(state.acks) + pair) * plan.copies + copy) * KINDS + kind
    state.tally[SENT] = place + 1


@step
def after(plan, state, delay, kind, pair, copy, version):  # type: ignore[no-untyped-def]
    """Plan an event for so many seconds from now."""
    at(plan, state, state.clock[0] + delay, kind, pair, copy, version)


@step
def put_on_list(events, state):  # type: ignore[no-untyped-def]
    """Put what an event has sent on the list, in order."""
    for place in range(state.tally[SENT]):
        size, number = state.tally[EVENTS], state.tally[PLANNED]
        push(events.at, events.number, events.what, size, state.sent_at[place], number, state.sent[place])
        state.tally[EVENTS] += 1
        state.tally[PLANNED] += 1
    state.tally[SENT] = 0


@step
def lost(plan, state, far_client, copy):  # type: ignore[no-untyped-def]
    """Return whether a message would have to cross the cut."""
    if not plan.cut_begin <= state.clock[0] < plan.cut_end:
        return False
    return far_client != (copy >= plan.first_far)


@step
def watch(plan, state, times, pair, copy):  # type: ignore[no-untyped-def]
    """Note when a message of a watched pair arrived."""
    row = pair - plan.watched
    if 0 <= row < len(times):
        times[row, copy] = state.clock[0]


@step
def write(plan, draws, state, pair):  # type: ignore[no-untyped-def]
    """Send a write to its copies; the next one is planned first."""
    if pair + 1 < len(draws.start):
        at(plan, state, draws.start[pair + 1], WRITE, pair + 1, 0, 0)
    state.newest[draws.object[pair]] += 1
    state.version[pair] = state.newest[draws.object[pair]]
    for copy in range(plan.copies):
        if draws.sent_to[pair, copy] and not lost(plan, state, draws.far_writer[pair], copy):
            after(plan, state, draws.write[pair, copy], STORE, pair, copy, 0)
    after(plan, state, plan.timeout_s, END_WRITE, pair, 0, 0)


@step
def hold(state, copy, item, version):  # type: ignore[no-untyped-def]
    """Keep a version at a copy, if it is the newest there."""
    state.held[copy, item] = max(state.held[copy, item], version)


@step
def end_write(plan, draws, state, pair):  # type: ignore[no-untyped-def]
    """Let the read follow, once."""
    if not state.written[pair]:
        state.written[pair] = True
        after(plan, state, draws.after[pair], READ, pair, 0, 0)


@step
def acknowledge(plan, draws, state, record, pair):  # type: ignore[no-untyped-def]
    """Count an acknowledgement; with enough of them the write is done."""
    state.acks[pair] += 1
    if state.acks[pair] == plan.writes and not state.written[pair]:
        record.write_s[pair] = state.clock[0] - draws.start[pair]
        item = draws.object[pair]
        if state.version[pair] > state.acked[item]:
            state.acked[item], state.acked_at[item] = state.version[pair], state.clock[0]
        end_write(plan, draws, state, pair)


@step
def read(plan, draws, state, record, pair):  # type: ignore[no-untyped-def]
    """Ask all copies."""
    item = draws.object[pair]
    state.goal[pair] = state.acked[item]
    record.read_at[pair] = state.clock[0]
    record.since[pair] = state.clock[0] - state.acked_at[item]
    for place in range(plan.copies):
        copy = draws.order[pair, place]
        if not lost(plan, state, draws.far_reader[pair], copy):
            after(plan, state, draws.read[pair, copy], LOOK_UP, pair, copy, 0)
    after(plan, state, plan.timeout_s, END_READ, pair, 0, 0)


@step
def mend(plan, draws, state, pair):  # type: ignore[no-untyped-def]
    """Send the newest version seen to the copies that are known to hold an older one."""
    for copy in range(plan.copies):
        if -1 < state.known[pair, copy] < state.seen[pair]:
            state.known[pair, copy] = state.seen[pair]
            if not lost(plan, state, draws.far_reader[pair], copy):
                after(plan, state, draws.mend[pair, copy], MEND, pair, copy, state.seen[pair])


@step
def answer(plan, draws, state, record, messages, pair, copy, version):  # type: ignore[no-untyped-def]
    """Take an answer; with enough of them the read is done."""
    row = pair - plan.watched
    if 0 <= row < len(messages.old):
        messages.old[row, copy] = version < state.goal[pair]
    state.answers[pair] += 1
    before = state.seen[pair]
    state.seen[pair] = max(before, version)
    if state.answers[pair] == plan.reads and not state.finished[pair]:
        state.finished[pair] = True
        record.read_s[pair] = state.clock[0] - record.read_at[pair]
        record.behind[pair] = max(0, state.goal[pair] - state.seen[pair])
    if plan.repair:
        state.known[pair, copy] = version
        if before != state.seen[pair] or version < state.seen[pair]:
            mend(plan, draws, state, pair)


@step
def messages_of_write(plan, draws, state, record, messages, kind, pair, copy):  # type: ignore[no-untyped-def]
    """Carry out an event of a write."""
    if kind == WRITE:
        write(plan, draws, state, pair)
    elif kind == STORE:
        watch(plan, state, messages.stored, pair, copy)
        hold(state, copy, draws.object[pair], state.version[pair])
        if not lost(plan, state, draws.far_writer[pair], copy):
            after(plan, state, draws.ack[pair, copy], ACK, pair, copy, 0)
    elif kind == ACK:
        watch(plan, state, messages.acked, pair, copy)
        acknowledge(plan, draws, state, record, pair)
    else:
        end_write(plan, draws, state, pair)


@step
def messages_of_read(plan, draws, state, record, messages, kind, pair, copy, version):  # type: ignore[no-untyped-def]
    """Carry out an event of a read."""
    if kind == READ:
        read(plan, draws, state, record, pair)
    elif kind == LOOK_UP:
        watch(plan, state, messages.asked, pair, copy)
        if not lost(plan, state, draws.far_reader[pair], copy):
            after(plan, state, draws.answer[pair, copy], ANSWER, pair, copy, state.held[copy, draws.object[pair]])
    elif kind == ANSWER:
        watch(plan, state, messages.answered, pair, copy)
        answer(plan, draws, state, record, messages, pair, copy, version)
    elif kind == END_READ:
        state.finished[pair] = True
    else:
        hold(state, copy, draws.object[pair], version)


@loop
def advance(plan, draws, events, state, record, messages):  # type: ignore[no-untyped-def]
    """Carry out events until none is left (0) or the list is nearly full (1)."""
    while state.tally[EVENTS] > 0:
        if state.tally[EVENTS] + len(state.sent) > len(events.at):
            return 1
        state.clock[0], what = events.at[0], events.what[0]
        pop(events.at, events.number, events.what, state.tally[EVENTS])
        state.tally[EVENTS] -= 1
        kind, what = what % KINDS, what // KINDS
        copy, what = what % plan.copies, what // plan.copies
        pair, version = what % len(state.acks), what // len(state.acks)
        if kind <= END_WRITE:
            messages_of_write(plan, draws, state, record, messages, kind, pair, copy)
        else:
            messages_of_read(plan, draws, state, record, messages, kind, pair, copy, version)
        put_on_list(events, state)
    return 0


def run(store: Store, draws: Draws, record: Record, messages: Messages, first: int) -> None:
    """Carry out all pairs to the last message, filling record and messages."""
    count = len(draws.start)
    if not count:
        return
    plan, state, events = plan_of(store, first), state_of(store, count), room_for(ROOM)
    events.at[0] = draws.start[0]
    state.tally[:] = 1, 1, 0
    while advance(plan, draws, events, state, record, messages):
        larger = room_for(2 * len(events.at))
        for old, new in zip(events, larger, strict=True):
            new[: len(old)] = old
        events = larger
