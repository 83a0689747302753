"""How does a quorum work? Told one message at a time: the reference for the compiled engine.

A client sends a write to the copies and waits for enough acknowledgements; a while later somebody asks all copies for
the object and takes the newest of the first answers. Nothing waits in line: all that takes time is messages.
"""

from __future__ import annotations

from dataclasses import dataclass

from apps.simulator.kernel import Simulation
from apps.simulator.quorums.draws import Draws
from apps.simulator.quorums.record import Messages, Record
from apps.simulator.quorums.system import Store
from apps.simulator.streams import Floats

NOTHING = -1  # what a copy is known to hold before it answered


@dataclass(slots=True)
class Pair:
    """A write and the read that follows it."""

    number: int
    object: int
    version: int = 0
    acks: int = 0
    written: bool = False  # or given up
    goal: int = 0  # the newest acknowledged version when the read began
    answers: int = 0
    seen: int = NOTHING
    finished: bool = False
    known: list[int] | None = None  # what each copy holds, as far as the read knows


class Story:
    """A store under way."""

    def __init__(self, store: Store, draws: Draws, record: Record, messages: Messages, first: int) -> None:
        self.time, self.store, self.draws, self.record = Simulation(), store, draws, record
        self.messages, self.first = messages, first
        self.held = [[0] * store.objects for _ in range(store.copies)]
        self.newest = [0] * store.objects  # version that was given out last
        self.acked = [0] * store.objects  # newest version that a client was told is safe
        self.acked_at = [float("-inf")] * store.objects

    def run(self) -> None:
        """Carry out all pairs to the last message."""
        if len(self.draws.start):
            self.time.at(float(self.draws.start[0]), self.write, 0)
        self.time.run()

    def lost(self, far_client: bool, copy: int) -> bool:
        cut = self.store.cut
        if cut is None or not cut.begin_s <= self.time.now < cut.begin_s + cut.length_s:
            return False
        return far_client != (copy >= self.store.copies - cut.replicas)

    def write(self, number: int) -> None:
        if number + 1 < len(self.draws.start):
            self.time.at(float(self.draws.start[number + 1]), self.write, number + 1)
        pair = Pair(number, int(self.draws.object[number]))
        self.newest[pair.object] += 1
        pair.version = self.newest[pair.object]
        for copy in range(self.store.copies):
            if self.draws.sent_to[number, copy] and not self.lost(self.draws.far_writer[number], copy):
                self.time.after(float(self.draws.write[number, copy]), self.store_at, pair, copy)
        self.time.after(self.store.timeout_s, self.end_write, pair)

    def store_at(self, pair: Pair, copy: int) -> None:
        self.watch(self.messages.stored, pair, copy)
        self.hold(copy, pair.object, pair.version)
        if not self.lost(self.draws.far_writer[pair.number], copy):
            self.time.after(float(self.draws.ack[pair.number, copy]), self.acknowledge, pair, copy)

    def hold(self, copy: int, object_: int, version: int) -> None:
        self.held[copy][object_] = max(self.held[copy][object_], version)

    def acknowledge(self, pair: Pair, copy: int) -> None:
        self.watch(self.messages.acked, pair, copy)
        pair.acks += 1
        if pair.acks == self.store.writes and not pair.written:
            self.record.write_s[pair.number] = self.time.now - self.draws.start[pair.number]
            if pair.version > self.acked[pair.object]:
                self.acked[pair.object], self.acked_at[pair.object] = pair.version, self.time.now
            self.end_write(pair)

    def end_write(self, pair: Pair) -> None:
        if not pair.written:
            pair.written = True
            self.time.after(float(self.draws.after[pair.number]), self.read, pair)

    def read(self, pair: Pair) -> None:
        pair.goal, pair.known = self.acked[pair.object], [NOTHING] * self.store.copies
        self.record.read_at[pair.number] = self.time.now
        self.record.since[pair.number] = self.time.now - self.acked_at[pair.object]
        for copy in self.draws.order[pair.number].tolist():
            if not self.lost(self.draws.far_reader[pair.number], copy):
                self.time.after(float(self.draws.read[pair.number, copy]), self.look_up, pair, copy)
        self.time.after(self.store.timeout_s, self.end_read, pair)

    def look_up(self, pair: Pair, copy: int) -> None:
        self.watch(self.messages.asked, pair, copy)
        if not self.lost(self.draws.far_reader[pair.number], copy):
            delay = float(self.draws.answer[pair.number, copy])
            self.time.after(delay, self.answer, pair, copy, self.held[copy][pair.object])

    def answer(self, pair: Pair, copy: int, version: int) -> None:
        self.watch(self.messages.answered, pair, copy)
        if 0 <= (row := pair.number - self.first) < len(self.messages.old):
            self.messages.old[row, copy] = version < pair.goal
        pair.answers += 1
        before, pair.seen = pair.seen, max(pair.seen, version)
        if pair.answers == self.store.reads and not pair.finished:
            pair.finished = True
            self.record.read_s[pair.number] = self.time.now - self.record.read_at[pair.number]
            self.record.behind[pair.number] = max(0, pair.goal - pair.seen)
        if self.store.repair and pair.known is not None:
            pair.known[copy] = version
            if before != pair.seen or version < pair.seen:
                self.mend(pair, pair.known)

    def end_read(self, pair: Pair) -> None:
        pair.finished = True

    def mend(self, pair: Pair, known: list[int]) -> None:
        for copy, version in enumerate(known):
            if NOTHING < version < pair.seen:
                known[copy] = pair.seen
                if not self.lost(self.draws.far_reader[pair.number], copy):
                    delay = float(self.draws.mend[pair.number, copy])
                    self.time.after(delay, self.hold, copy, pair.object, pair.seen)

    def watch(self, times: Floats, pair: Pair, copy: int) -> None:
        if 0 <= (row := pair.number - self.first) < len(self.messages.old):
            times[row, copy] = self.time.now
