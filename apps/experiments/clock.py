"""What time is it for an experiment? The host's steady clock, handed in so that a run never reads it by itself."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Seconds since some fixed moment, and a way to let them pass."""

    def now(self) -> float: ...
    def sleep(self, seconds: float, /) -> None: ...
    def sleep_until(self, moment: float) -> None: ...


class RealClock:
    """The host's monotonic clock."""

    now = staticmethod(time.perf_counter)
    sleep = staticmethod(time.sleep)

    def sleep_until(self, moment: float) -> None:
        """Sleep until `now()` has reached `moment`; return at once if it has passed."""
        if (left := moment - self.now()) > 0:
            self.sleep(left)
