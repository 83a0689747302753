"""How do we offer load without letting a slow server slow the load down? Requests start on a fixed schedule.

In a closed loop each client waits for an answer before it asks again, so a stall hides the requests that would
have come meanwhile (coordinated omission). Here every request has an intended start, drawn before the run, and
its latency counts from there, whether or not a client was free.
"""

from __future__ import annotations

import ctypes
import sys
from array import array
from collections.abc import Callable, Sequence
from itertools import count
from math import nan
from threading import Thread
from types import TracebackType

import numpy as np

from apps.experiments.clock import Clock
from apps.experiments.zipf import Floats

NAP_S = 0.05  # longest sleep of a client, so that it notices a stop
JOIN_S = 2.0
SWITCH_INTERVAL_S = 0.0005  # a client that got its answer should not wait 5 ms for the interpreter
PR_SET_TIMERSLACK = 29

Serve = Callable[[int], None]  # carry out request number i


def poisson_schedule(rate: float, duration_s: float, random: np.random.Generator) -> Floats:
    """Return the intended starts, in seconds from 0 to `duration_s`, of Poisson arrivals at `rate` a second."""
    requests = random.poisson(rate * duration_s)
    return np.sort(random.random(requests) * duration_s)


def late_ms(slip: Floats) -> float:
    """Return how late the latest hundredth of the requests began although a client was free, in ms; 0 if none did.

    It is the generator's own error: the requests come in clumps then, and latencies are partly ours.
    """
    known = slip[np.isfinite(slip)]
    return float(np.percentile(known, 99)) * 1e3 if len(known) else 0.0


class OpenLoop:
    """Clients (threads, one connection each) that carry out a schedule together: a free one takes the next request.

    Used as a context manager: leaving it stops the clients. One that waits for a server that does not answer would
    not stop, so `cut` is called then; it has to cut the connections. Times are seconds since `start`.
    """

    def __init__(
        self, schedule: Floats, clients: Sequence[Serve], clock: Clock, cut: Callable[[], None] | None = None
    ) -> None:
        self._cut = cut
        self._due = schedule.tolist()
        self._clock = clock
        self._tickets = count()
        self._stopping = False
        self._begun = array("d", [nan]) * len(schedule)
        self._ended = array("d", [nan]) * len(schedule)
        self._slip = array("d", [nan]) * len(schedule)
        self._threads = [Thread(target=self._work, args=(serve,), daemon=True) for serve in clients]
        self.start = nan
        self.failure: Exception | None = None

    @property
    def begun(self) -> Floats:
        """Actual start of each request; NaN while it has none."""
        return np.frombuffer(self._begun)

    @property
    def ended(self) -> Floats:
        """End of each request; NaN while it has none."""
        return np.frombuffer(self._ended)

    @property
    def slip(self) -> Floats:
        """How late a client that was free began, in seconds: the generator's own error. NaN if none was free."""
        return np.frombuffer(self._slip)

    def elapsed(self) -> float:
        """Return the seconds since the start."""
        return self._clock.now() - self.start

    def check(self) -> None:
        """Raise what a client failed with, if one has; the others have stopped then."""
        if self.failure is not None:
            raise self.failure

    def stuck_s(self) -> float:
        """Return how long the oldest request that is being carried out has been waiting for its answer."""
        begun = self.begun[np.isnan(self.ended)]
        begun = begun[np.isfinite(begun)]
        return self.elapsed() - float(begun.min()) if len(begun) else 0.0

    def done(self) -> bool:
        """Return whether every request has ended."""
        return not any(thread.is_alive() for thread in self._threads)

    def __enter__(self) -> OpenLoop:
        self._switch_interval = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        self.start = self._clock.now()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping = True
        sys.setswitchinterval(self._switch_interval)
        self._join()
        if not self.done() and self._cut is not None:
            self._cut()
            self._join()

    def _join(self) -> None:
        give_up_at = self._clock.now() + JOIN_S
        for thread in self._threads:
            thread.join(max(0.0, give_up_at - self._clock.now()))

    def _work(self, serve: Serve) -> None:
        _wake_sharply()
        now, start, due = self._clock.now, self.start, self._due
        requests = len(due)
        try:
            while not self._stopping and (i := next(self._tickets)) < requests:
                free = now() - start
                if free < due[i]:
                    if not self._wait(due[i]):
                        return
                    self._slip[i] = now() - start - due[i]
                self._begun[i] = now() - start
                serve(i)
                self._ended[i] = now() - start
        except Exception as error:  # noqa: BLE001  (handed to the thread that runs the experiment)
            self.failure = error
            self._stopping = True

    def _wait(self, due: float) -> bool:
        """Sleep until `due`. Returns False if the clients are to stop."""
        while not self._stopping:
            left = due - (self._clock.now() - self.start)
            if left <= 0:
                return True
            self._clock.sleep(min(left, NAP_S))
        return False


def _wake_sharply() -> None:
    """Let this thread's sleeps end on time: Linux may delay them by 50 µs to save power, we may not."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0)
