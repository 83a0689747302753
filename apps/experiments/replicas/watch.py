"""How far behind is each standby? Asked in two ways: the primary's own view, and rows that we send after each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from math import nan
from threading import Thread

import numpy as np
import psycopg

from apps.experiments.replicas import tables
from apps.experiments.replicas.stage import Stage
from apps.experiments.zipf import Floats

BEAT_S = 0.05  # between heartbeats, and between looks at the server's view
JOIN_S = 2.0
LOOK_S = 0.2  # longest query of an observer, so that it notices the end
VIEW = (
    "SELECT application_name, extract(epoch FROM write_lag)::float8, extract(epoch FROM flush_lag)::float8, "
    "extract(epoch FROM replay_lag)::float8, pg_wal_lsn_diff(pg_current_wal_flush_lsn(), replay_lsn)::float8, "
    "(pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::float8 FROM pg_stat_replication"
)
TIME, STANDBY, WRITE, FLUSH, REPLAY, BYTES, POSITION = range(7)  # columns of the server's view


@dataclass
class Lags:
    """What was seen, in seconds since the start.

    `view` has a row for each look at each standby: time, number, write, flush and replay lag, bytes not replayed,
    position of the primary; NaN where the server said NULL. `sent` and `seen[standby]` are about heartbeats: when each
    was sent, and how long it took until the standby showed it.
    """

    view: list[tuple[float, ...]] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    seen: dict[int, list[float]] = field(default_factory=dict)

    def beats(self) -> Floats:
        """Return when the heartbeats were sent."""
        return np.array(self.sent)

    def heard(self, standby: int) -> Floats:
        """Return the lag of each heartbeat on a standby; NaN for one that was not seen."""
        lags = self.seen.get(standby, [])[: len(self.sent)]
        return np.array(lags + [nan] * (len(self.sent) - len(lags)))

    def looks(self) -> Floats:
        """Return the rows of the server's view."""
        return np.array(self.view, dtype=np.float64).reshape(-1, POSITION + 1)


class Watch:
    """Threads that send heartbeats, look for them on each standby, and ask the primary for its view."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self._now = stage, stage.clock.now
        self.lags = Lags(seen={standby: [] for standby in stage.standbys})
        self.failure: Exception | None = None
        self.start = nan
        self._pulse, self._viewer = stage.connect(stage.primary), stage.connect(stage.primary)
        self._observers = {standby: stage.connect(standby) for standby in stage.standbys}
        self._threads = [
            Thread(target=self._guarded, args=[work], daemon=True)
            for work in [self._beat, self._view, *(partial(self._observe, standby) for standby in stage.standbys)]
        ]

    def begin(self, start: float) -> None:
        """Start; times count from `start` on the clock."""
        self.start = start
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """End the stage and wait for the threads; one that gets no answer has its connection cut."""
        self._stage.end()
        self._join()
        if any(thread.is_alive() for thread in self._threads):
            self._stage.cut_lines()
            self._join()

    def _join(self) -> None:
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(JOIN_S)

    def check(self) -> None:
        """Raise what a thread failed with, if one has."""
        if self.failure is not None:
            raise self.failure

    def behind_s(self, standby: int, at: float) -> float:
        """Return how old what a standby shows is: the lag of the last heartbeat seen there, or the age of the oldest
        that was not, if that is more."""
        seen, sent = self.lags.seen[standby], self.lags.sent
        count = len(seen)  # once: another thread adds to it
        last = seen[count - 1] if count else 0.0
        return max(last, at - sent[count]) if count < len(sent) else last

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except psycopg.OperationalError as error:
            if self._running():
                self.failure = error
        except Exception as error:  # noqa: BLE001  (handed to the thread that runs the experiment)
            self.failure = error

    def _running(self) -> bool:
        return not self._stage.over and self._stage.term == 0

    def _beat(self) -> None:
        cursor = self._pulse.cursor()
        cursor.execute("SET synchronous_commit = local")  # a heartbeat waits for nobody
        for number in count():
            self._stage.clock.sleep_until(self.start + number * BEAT_S)
            if not self._running():
                return
            self.lags.sent.append(self._now() - self.start)
            cursor.execute(tables.BEAT, (number,))

    def _observe(self, standby: int) -> None:
        cursor, seen = self._observers[standby].cursor(), self.lags.seen[standby]
        while self._running():
            for _, lag in cursor.execute(tables.SEEN, (len(seen) - 1, LOOK_S)).fetchall():
                seen.append(float(lag))
            self._stage.lags_s[standby] = self.behind_s(standby, self._now() - self.start)

    def _view(self) -> None:
        cursor = self._viewer.cursor()
        for number in count():
            self._stage.clock.sleep_until(self.start + number * BEAT_S)
            if not self._running():
                return
            rows = cursor.execute(VIEW).fetchall()
            at = self._now() - self.start
            for name, *numbers in rows:
                lags = (nan if number is None else float(number) for number in numbers)
                self.lags.view.append((at, float(name.removeprefix("s")), *lags))
            for standby in self.lags.seen:
                self._stage.lags_s[standby] = self.behind_s(standby, at)
