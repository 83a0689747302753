"""What happened to each write and each read? Noted by the clients while they run, one slot each, judged afterwards."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from math import nan
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from apps.experiments.openloop import OpenLoop, poisson_schedule
from apps.experiments.replicas.settings import PEOPLE, RELOAD_S
from apps.experiments.zipf import Floats, Ints

NOTHING = -1  # no entry seen, no server asked


@dataclass(frozen=True, slots=True)
class Plan:
    """When each write and each read is due (seconds), whose it is, and what chance decides about it."""

    writes: Floats
    authors: list[int]
    reads: Floats
    readers: list[int]
    first_look: Ints  # of a second look the number of the first; NOTHING for a first look
    dice: list[float]  # which replica a read goes to, 0 to 1


def plan(write_rps: float, read_rps: float, duration_s: float, random: np.random.Generator) -> Plan:
    """Return Poisson writes, and Poisson visits of two looks each, `RELOAD_S` apart; reads count both looks."""
    writes = poisson_schedule(write_rps, duration_s, random)
    visits = poisson_schedule(read_rps / 2, duration_s, random)
    readers = random.integers(0, PEOPLE, len(visits))
    due = np.concatenate([visits, visits + RELOAD_S])
    order = np.argsort(due, kind="stable")
    place = np.argsort(order, kind="stable")  # where each look stands once they are in order
    first_look = np.full(len(due), NOTHING, dtype=np.int64)
    first_look[place[len(visits) :]] = place[: len(visits)]
    return Plan(
        writes=writes,
        authors=random.integers(0, PEOPLE, len(writes)).tolist(),
        reads=due[order],
        readers=np.tile(readers, 2)[order].tolist(),
        first_look=first_look,
        dice=random.random(len(due)).tolist(),
    )


def followed(person: int) -> int:
    """Return whose entries a person's page shows beside the own ones."""
    return (person + 1) % PEOPLE


class Journal:
    """Slots for every write and read of a plan. Each is written by one client only; `latest` is shared."""

    def __init__(self, planned: Plan) -> None:
        writes, reads = len(planned.writes), len(planned.reads)
        self.plan = planned
        self.acked_at = array("d", [nan]) * writes  # on the clock; NaN: never acknowledged
        self.cut_off = array("b", [0]) * writes  # 1: the primary died before it answered
        self.latest = [NOTHING] * PEOPLE  # number of each person's newest acknowledged entry
        self._lock = Lock()
        self.began_at = array("d", [nan]) * reads
        self.server = array("b", [NOTHING]) * reads  # 0: the primary
        self.needed = array("q", [NOTHING]) * (2 * reads)  # newest acknowledged when the read began: own, followed
        self.shown = array("q", [NOTHING]) * (2 * reads)  # newest that the answer held: own, followed

    def acknowledge(self, write: int, at: float) -> None:
        """Note that a write was acknowledged; reads that begin from now on ought to see it."""
        author = self.plan.authors[write]
        self.acked_at[write] = at
        with self._lock:
            self.latest[author] = max(self.latest[author], write)

    def begin_read(self, read: int, at: float) -> None:
        """Note what a read ought to see at least."""
        person = self.plan.readers[read]
        self.began_at[read] = at
        self.needed[2 * read], self.needed[2 * read + 1] = self.latest[person], self.latest[followed(person)]

    def end_read(self, read: int, server: int, own: int, other: int) -> None:
        """Note what a read saw, and on which server."""
        self.shown[2 * read], self.shown[2 * read + 1] = own, other
        self.server[read] = server

    def writes_so_far(self, loop: OpenLoop, start: float) -> Writes:
        """Return what has happened to the writes, in seconds since `start`."""
        return Writes(
            due=self.plan.writes + (loop.start - start),
            acked=np.frombuffer(self.acked_at).copy() - start,
            cut_off=np.frombuffer(self.cut_off, dtype=np.int8) > 0,
            authors=self.plan.authors,
        )

    def reads_so_far(self, loop: OpenLoop, start: float) -> Reads:
        """Return what has happened to the reads, in seconds since `start`."""
        return Reads(
            due=self.plan.reads + (loop.start - start),
            began=np.frombuffer(self.began_at).copy() - start,
            ended=loop.ended.copy() + (loop.start - start),
            server=np.frombuffer(self.server, dtype=np.int8).copy(),
            needed=np.frombuffer(self.needed, dtype=np.int64).copy().reshape(-1, 2),
            shown=np.frombuffer(self.shown, dtype=np.int64).copy().reshape(-1, 2),
            first_look=self.plan.first_look,
        )


@dataclass(frozen=True, slots=True)
class Writes:
    """What happened to every write, in seconds since the start. NaN: did not happen."""

    due: Floats
    acked: Floats
    cut_off: NDArray[np.bool_]
    authors: list[int]


@dataclass(frozen=True, slots=True)
class Reads:
    """What happened to every read, in seconds since the start. NaN: did not happen.

    `needed` and `shown` hold two numbers of entries: the reader's own newest, and the newest of whom he follows.
    """

    due: Floats
    began: Floats
    ended: Floats
    server: NDArray[np.int8]
    needed: Ints
    shown: Ints
    first_look: Ints
