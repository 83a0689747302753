"""What does the compiled store keep? In arrays: its plan, the list of events, and what everyone knows."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from apps.simulator.quorums.system import Store


class Plan(NamedTuple):
    """The store, as numbers."""

    copies: int
    reads: int
    writes: int
    timeout_s: float
    repair: bool
    cut_begin: float
    cut_end: float
    first_far: int  # copies from this one on are cut off
    watched: int  # number of the first pair whose messages are kept


class List(NamedTuple):
    """The list of events, a heap."""

    at: Any
    number: Any
    what: Any


class State(NamedTuple):
    """What copies hold, and how far each pair is."""

    tally: Any
    clock: Any
    sent_at: Any  # what this event has sent so far
    sent: Any
    held: Any  # by copy and object
    newest: Any
    acked: Any
    acked_at: Any
    version: Any  # by pair, as are the rest
    acks: Any
    written: Any
    goal: Any
    answers: Any
    seen: Any
    finished: Any
    known: Any  # by pair and copy


def plan_of(store: Store, first: int) -> Plan:
    """Return the numbers of a store; `first` is the first pair that is watched."""
    cut, never = store.cut, float("inf")
    return Plan(
        store.copies,
        store.reads,
        store.writes,
        float(store.timeout_s),
        bool(store.repair),
        float(cut.begin_s) if cut else never,
        float(cut.begin_s + cut.length_s) if cut else never,
        store.copies - cut.replicas if cut else store.copies,
        first,
    )


def room_for(size: int) -> List:
    """Return an empty list of events."""
    return List(np.zeros(size), np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64))


def state_of(store: Store, pairs: int) -> State:
    """Return the state before the first of so many pairs."""

    def zeros(*shape: int) -> Any:
        return np.zeros(shape, dtype=np.int64)

    return State(
        tally=zeros(3),
        clock=np.zeros(1),
        sent_at=np.zeros(2 * store.copies + 2),  # the most that one event sends
        sent=zeros(2 * store.copies + 2),
        held=zeros(store.copies, store.objects),
        newest=zeros(store.objects),
        acked=zeros(store.objects),
        acked_at=np.full(store.objects, -np.inf),
        version=zeros(pairs),
        acks=zeros(pairs),
        written=np.zeros(pairs, dtype=np.bool_),
        goal=zeros(pairs),
        answers=zeros(pairs),
        seen=zeros(pairs) - 1,
        finished=np.zeros(pairs, dtype=np.bool_),
        known=zeros(pairs, store.copies) - 1,
    )
