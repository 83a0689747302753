"""How is a replication run carried out? Real writes to a primary, real reads from its standbys, on a fixed schedule."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from statistics import median

import psycopg

from apps.experiments.base import ExperimentError, Outcome, Sample
from apps.experiments.bench import Bench
from apps.experiments.lab_replicas import LabReplicas
from apps.experiments.openloop import OpenLoop
from apps.experiments.params import Params
from apps.experiments.replicas import tables
from apps.experiments.replicas.clients import Reader, Tokens, Writer
from apps.experiments.replicas.events import Event
from apps.experiments.replicas.journal import Journal, plan
from apps.experiments.replicas.live import live_points
from apps.experiments.replicas.outcome import Evidence, conclude
from apps.experiments.replicas.settings import PEOPLE, Settings
from apps.experiments.replicas.stage import Stage
from apps.experiments.replicas.theory import commit_wait_s
from apps.experiments.replicas.watch import Watch

TICK_S = 0.25
DRAIN_S = 1.5  # how long what is late may still take after the end
READERS = 6
FEWEST_WRITERS, MOST_WRITERS = 4, 64
LOCAL_COMMIT_S = 0.005  # a generous guess, for the number of connections alone
REHEARSALS = 40

Steps = Generator[Sample, None, None]


def run(params: Params, bench: Bench) -> Generator[Sample, None, Outcome]:
    """Carry out one replication run. Raises ExperimentError if a server does not start, or stops on the way."""
    settings = Settings.of(params)
    if not bench.warm("replicas", settings.replicas):
        yield Sample(note=f"Starting a primary and {settings.replicas} standby{'s' * (settings.replicas > 1)}")
    with bench.replicas(settings.replicas) as servers:
        trial = _Trial(settings, bench, servers)
        with telling_that_it_stopped(trial.when):
            return (yield from trial.steps())


def writers(settings: Settings) -> int:
    """Return how many connections write: as many as are busy at once (rate × commit time) and half as many again; all
    there are if an event holds commits up, so that the writes which pile up are soon done afterwards."""
    if settings.stops_writes:
        return MOST_WRITERS
    wait = commit_wait_s(settings.mode, settings.delays_s, settings.apply_delay_s, settings.copies)
    return max(FEWEST_WRITERS, min(MOST_WRITERS, ceil(1.5 * settings.write_rps * (wait + LOCAL_COMMIT_S)) + 2))


@dataclass
class _Trial:
    settings: Settings
    bench: Bench
    servers: LabReplicas
    start: float | None = None
    rehearsed: list[float] = field(default_factory=list)  # how long commits took before the links were shaped, seconds

    def when(self) -> str:
        """Return in words how far the run has come."""
        return f"{self.bench.clock.now() - self.start:.1f} s into the run" if self.start else "before the first write"

    def steps(self) -> Generator[Sample, None, Outcome]:
        settings, clock = self.settings, self.bench.clock
        tables.load(self.servers.controls[0])
        self.servers.commit_after(settings.standby_names)
        self.servers.wait_until_caught_up()  # the tables have to be there before a reader asks
        planned = plan(settings.write_rps, settings.read_rps, settings.duration_s, self.bench.random("arrivals"))
        journal, stage = Journal(planned), Stage(self.servers, clock)
        event = Event(settings, stage)
        tokens = Tokens(PEOPLE)
        try:
            keeping = tokens if settings.routing == "session-lsn" else None
            adding = [Writer(stage, journal, settings, keeping) for _ in range(writers(settings))]
            reading = [Reader(stage, journal, settings, tokens) for _ in range(READERS if settings.read_rps else 0)]
            watch = Watch(stage)
            self._rehearse(adding)
            self._set_the_scene()
            writes = OpenLoop(planned.writes, [writer.serve for writer in adding], clock, stage.cut_lines)
            reads = OpenLoop(planned.reads, [reader.serve for reader in reading], clock, stage.cut_lines)
            ended_by = yield from self._play(writes, reads, watch, journal, event)
            present = self._present(stage)
        finally:
            stage.hang_up()
        assert self.start is not None  # noqa: S101
        return conclude(
            settings,
            Evidence(
                writes=journal.writes_so_far(writes, self.start),
                reads=journal.reads_so_far(reads, self.start),
                slips=(writes.slip, reads.slip),
                lags=watch.lags,
                event=event,
                present=present,
                ended_by=ended_by,
                base_s=median(self.rehearsed),
                connections=len(adding),
            ),
        )

    def _rehearse(self, adding: list[Writer]) -> None:
        """Use every connection once, and time commits while the links have no delay: the base of all theory."""
        for number in range(max(REHEARSALS, 2 * len(adding))):
            taken = adding[number % len(adding)].rehearse(number)
            if number >= len(adding):  # the first on a connection is planned, and slower
                self.rehearsed.append(taken)
        self.servers.wait_until_caught_up()

    def _set_the_scene(self) -> None:
        settings = self.settings
        self.servers.apply_late(settings.apply_delay_ms)
        self.servers.shape([delay * 1e3 for delay in settings.delays_s], settings.kbps)

    def _play(
        self, writes: OpenLoop, reads: OpenLoop, watch: Watch, journal: Journal, event: Event
    ) -> Generator[Sample, None, float]:
        """Watch the clients to their end and return when that was, in seconds since the start."""
        clock = self.bench.clock
        with writes, reads:
            self.start = writes.start
            watch.begin(self.start)
            try:
                yield from self._follow(writes, reads, watch, journal, event)
                ended_by = clock.now() - self.start
            finally:
                try:
                    event.undo()  # so that those who wait for it come home
                finally:
                    watch.end()
        return ended_by

    def _follow(self, writes: OpenLoop, reads: OpenLoop, watch: Watch, journal: Journal, event: Event) -> Steps:
        """Look four times a second, make the event happen, and wait for the last answers."""
        settings, clock = self.settings, self.bench.clock
        start = writes.start
        for tick in range(1, round(settings.duration_s / TICK_S) + 1):
            at = tick * TICK_S
            while (due := event.due()) is not None and due <= at:
                clock.sleep_until(start + due)
                event.happen(start)
            clock.sleep_until(start + at)
            self._check(writes, reads, watch)
            points = live_points(
                journal.writes_so_far(writes, start), journal.reads_so_far(reads, start), watch, event, at
            )
            yield Sample(points=points, progress=at / settings.duration_s)
        give_up_at = clock.now() + DRAIN_S
        while not (writes.done() and reads.done()) and clock.now() < give_up_at:
            clock.sleep(0.01)
        self._check(writes, reads, watch)

    def _check(self, writes: OpenLoop, reads: OpenLoop, watch: Watch) -> None:
        for part in (writes, reads, watch):
            part.check()

    def _present(self, stage: Stage) -> list[int]:
        """Return which writes are on the server that is the primary at the end."""
        rows = self.servers.controls[stage.primary].execute(tables.PRESENT).fetchall()
        return [row[0] for row in rows]


@contextmanager
def telling_that_it_stopped(when: Callable[[], str]) -> Iterator[None]:
    """Turn a lost connection into an ExperimentError that says when it was lost."""
    try:
        yield
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise ExperimentError(f"PostgreSQL stopped answering {when()}: {reason}") from error
