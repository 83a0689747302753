"""What do workers lose to each other? Each has work of its own, and a part that only one can do at a time.

A task takes 1 s when done alone: 1 - sigma of it are the worker's own, sigma lie under a lock. Under the lock a worker
also tells each of the others what has changed, kappa each. Two paces: "together" all wait for each other after every
task; their own parts are equal, and what is lost is exactly the universal scalability law. "free" nobody waits for
anybody but at the lock, and all parts are exponential: a closed queue (the machine repairman's).
"""

from __future__ import annotations

from collections import deque
from typing import Literal, NamedTuple

from apps.simulator.kernel import Simulation
from apps.simulator.streams import Draws, stream

Pace = Literal["together", "free"]


class Task(NamedTuple):
    """One task of one worker: when it began, asked for the lock, had it, and was done; in seconds."""

    worker: int
    began: float
    asked: float
    locked: float
    done: float


class Crew:
    """Workers at work until so many tasks are done. `tasks` has them in the order in which they were done."""

    def __init__(self, count: int, sigma: float, kappa: float, pace: Pace, seed: int) -> None:
        self.count, self.pace = count, pace
        self.tasks: list[Task] = []
        self._time = Simulation()
        self._own, self._shared = 1 - sigma, sigma + kappa * (count - 1)
        self._wanted = 0
        self._line: deque[tuple[int, float, float]] = deque()
        self._locked = False
        self._own_parts = Draws(stream(seed, "own parts").standard_exponential)
        self._shared_parts = Draws(stream(seed, "shared parts").standard_exponential)

    def work(self, tasks: int) -> list[Task]:
        """Return the first so many tasks, and those that end at the same moment."""
        self._wanted = tasks
        for worker in range(self.count):
            self._begin(worker)
        self._time.run()
        return self.tasks

    def _begin(self, worker: int) -> None:
        own = self._own if self.pace == "together" else self._own * self._own_parts.take()
        self._time.after(own, self._ask, worker, self._time.now)

    def _ask(self, worker: int, began: float) -> None:
        self._line.append((worker, began, self._time.now))
        if not self._locked:
            self._lock()

    def _lock(self) -> None:
        worker, began, asked = self._line.popleft()
        self._locked = True
        self._time.after(self._shared * self._shared_parts.take(), self._unlock, worker, began, asked, self._time.now)

    def _unlock(self, worker: int, began: float, asked: float, locked: float) -> None:
        self.tasks.append(Task(worker, began, asked, locked, self._time.now))
        if len(self.tasks) >= self._wanted:
            self._time.stop()
        self._locked = False
        if self._line:
            self._lock()
        if self.pace == "free":
            self._begin(worker)
        elif len(self.tasks) % self.count == 0:
            for each in range(self.count):
                self._begin(each)
