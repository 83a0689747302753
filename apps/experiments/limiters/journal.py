"""What was decided on each request? Written by the clients while they run, one slot per request, judged afterwards."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.experiments.limiters.traffic import Micros
from apps.experiments.zipf import Floats

PENDING, DECIDED, BLIND = 0, 1, 2  # blind: Redis did not answer, and the gateway decided without it


class Journal:
    """Slots for every request of a run. Each is written by one client only, so nothing is locked."""

    def __init__(self, due: Micros) -> None:
        self.due = due
        self._how = array("b", bytes(len(due)))
        self._at = array("q", bytes(8 * len(due)))
        self._verdict = array("q", bytes(8 * len(due)))

    def write(self, i: int, at: int, verdict: int, how: int = DECIDED) -> None:
        """Note the verdict on request `i`, decided `at` microseconds after the start."""
        self._at[i], self._verdict[i] = at, verdict
        self._how[i] = how  # last, for whoever reads meanwhile

    def read(self, since: int = 0, until: int | None = None, ended: Floats | None = None) -> Decisions:
        """Return copies of what has happened to the requests due from `since` to `until` (microseconds).

        `ended` is when each request of the run got its answer, in seconds since the start.
        """
        span = slice(*np.searchsorted(self.due, [since, self.due[-1] + 1 if until is None else until]))
        return Decisions(
            due=self.due[span],
            at=np.frombuffer(self._at, dtype=np.int64)[span].copy(),
            verdict=np.frombuffer(self._verdict, dtype=np.int64)[span].copy(),
            how=np.frombuffer(self._how, dtype=np.int8)[span].copy(),
            ended=None if ended is None else ended[span].copy(),
        )


@dataclass(frozen=True, slots=True)
class Decisions:
    """The requests of a run, or of a part of it, in the order in which they were due. Whole microseconds since the
    start; only `ended` is in seconds, and absent where nothing was timed."""

    due: Micros
    at: Micros
    verdict: Micros
    how: NDArray[np.int8]
    ended: Floats | None = None

    @property
    def decided(self) -> NDArray[np.bool_]:
        """Return which requests got a decision, with or without Redis."""
        return np.not_equal(self.how, PENDING)

    @property
    def admitted(self) -> NDArray[np.bool_]:
        """Return which requests were admitted."""
        return self.decided & (self.verdict >= 0)

    @property
    def blind(self) -> NDArray[np.bool_]:
        """Return which requests were decided without Redis."""
        return np.equal(self.how, BLIND)

    @property
    def leaves(self) -> Micros:
        """Return when what was admitted goes on to the service, in order: at once, or when its queue lets it."""
        return np.sort((self.at + self.verdict)[self.admitted])
