"""What happens to requests while servers are ordered, start, and are taken away again? A fleet with a controller.

The controller is that of Kubernetes' horizontal autoscaler: every 15 s it wants ceil(ready · utilisation / target)
servers, does nothing within a tenth of the target, and takes servers away only down to the most that it wanted in the
last `cooldown_s`. Servers take requests from one line; one that is taken away ends what it does. Times in seconds.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from apps.simulator.kernel import Simulation

PERIOD_S = 15.0  # Kubernetes: --horizontal-pod-autoscaler-sync-period
TOLERANCE = 0.1  # Kubernetes: --horizontal-pod-autoscaler-tolerance


@dataclass(frozen=True, slots=True)
class Rules:
    """When the controller wants which number of servers."""

    boot_s: float
    target: float
    cooldown_s: float
    least: int
    most: int


class Served(NamedTuple):
    """One request: when it came, began to be served, and was answered."""

    came: float
    began: float
    left: float


@dataclass(frozen=True, slots=True)
class Moment:
    """The fleet at the end of one period: ready and starting servers, requests in line, utilisation since before."""

    at: float
    ready: int
    starting: int
    queue: int
    utilisation: float


class Fleet:
    """A fleet under a load. After `run`: `served` in the order of answers, `moments` one a period, and what it cost."""

    def __init__(self, rules: Rules, servers: int, arrivals: list[float], work: list[float]) -> None:
        self.rules, self.ready, self.starting = rules, servers, 0
        self.served: list[Served] = []
        self.moments: list[Moment] = []
        self.peak_queue = 0
        self.server_seconds = 0.0
        self._time = Simulation()
        self._arrivals, self._work = iter(arrivals), iter(work)
        self._line: deque[float] = deque()
        self._busy = 0
        self._leaving = 0
        self._busy_s = self._changed = self._busy_before = 0.0
        self._wanted: deque[tuple[float, int]] = deque([(0.0, servers)])

    def run(self, seconds: float) -> None:
        """Let requests come and the controller rule for so long. Who is in line then stays unserved: `waiting`."""
        self._plan_arrival()
        self._time.at(PERIOD_S, self._rule)
        self._time.run(until=seconds)
        self._count()

    @property
    def waiting(self) -> tuple[float, ...]:
        """Return when those came who are still in line."""
        return tuple(self._line)

    def _plan_arrival(self) -> None:
        if (at := next(self._arrivals, None)) is not None:
            self._time.at(at, self._arrive)

    def _arrive(self) -> None:
        self._line.append(self._time.now)
        self._serve()
        self.peak_queue = max(self.peak_queue, len(self._line))
        self._plan_arrival()

    def _serve(self) -> None:
        while self._line and self._busy < self.ready:
            self._count()
            self._busy += 1
            self._time.after(next(self._work), self._answer, self._line.popleft(), self._time.now)

    def _answer(self, came: float, began: float) -> None:
        self._count()
        self.served.append(Served(came, began, self._time.now))
        self._busy -= 1
        self._leaving = max(0, self._busy - self.ready)
        self._serve()

    def _boot(self) -> None:
        self._count()
        self.starting -= 1
        self.ready += 1
        self._serve()

    def _rule(self) -> None:
        self._count()
        now, rules = self._time.now, self.rules
        used = (self._busy_s - self._busy_before) / (PERIOD_S * max(1, self.ready))
        self._busy_before = self._busy_s
        self.moments.append(Moment(now, self.ready, self.starting, len(self._line), min(1.0, used)))
        wanted = self.ready if abs(used / rules.target - 1) <= TOLERANCE else ceil(self.ready * used / rules.target)
        wanted = min(rules.most, max(rules.least, wanted))
        self._wanted.append((now, wanted))
        while self._wanted[0][0] < now - rules.cooldown_s:
            self._wanted.popleft()
        for _ in range(wanted - self.ready - self.starting):
            self.starting += 1
            self._time.after(rules.boot_s, self._boot)
        if (kept := max(number for _, number in self._wanted)) < self.ready and not self.starting:
            self.ready = kept
            self._leaving = max(0, self._busy - self.ready)
        self._time.after(PERIOD_S, self._rule)

    def _count(self) -> None:
        """Add up what has been used and paid for since the last change."""
        passed, self._changed = self._time.now - self._changed, self._time.now
        self._busy_s += passed * self._busy
        self.server_seconds += passed * (self.ready + self.starting + self._leaving)
