"""When does a caller stop asking, and when does it ask again? A circuit breaker, and a budget for retries."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from apps.simulator.calls.policies import Breaker, Retry

CLOSED, OPEN, HALF_OPEN = 0, 1, 2  # their places in MARKS
NO_PERMIT = -1


class LiveBreaker:
    """A breaker under way. A permit is the number of the breaker's state: an answer that comes after the state has
    changed says nothing about the new one."""

    def __init__(self, rule: Breaker, tell: Callable[[int], None]) -> None:
        self.rule, self.tell = rule, tell
        self.state, self.permit, self.opened_at = CLOSED, 0, 0.0
        self.results: deque[bool] = deque()
        self.let_through = self.ended = self.failures = 0

    def ask(self, now: float) -> int:
        """Return a permit to call, or NO_PERMIT."""
        if self.state == OPEN and now >= self.opened_at + self.rule.open_s:
            self.become(HALF_OPEN)
        if self.state == OPEN or (self.state == HALF_OPEN and self.let_through == self.rule.trials):
            return NO_PERMIT
        self.let_through += 1
        return self.permit

    def hear(self, permit: int, ok: bool, now: float) -> None:
        """Take note of how a permitted call ended."""
        if permit != self.permit:
            return
        self.failures += not ok
        self.ended += 1
        if self.state == HALF_OPEN:
            if self.ended == self.rule.trials:
                self.become(OPEN if self.failing(self.ended) else CLOSED)
        else:
            self.results.append(ok)
            if len(self.results) > self.rule.window:
                self.failures -= not self.results.popleft()
            if len(self.results) >= min(self.rule.minimum, self.rule.window) and self.failing(len(self.results)):
                self.become(OPEN)
        if self.state == OPEN and self.permit != permit:
            self.opened_at = now

    def failing(self, calls: int) -> bool:
        return self.failures >= self.rule.threshold * calls

    def become(self, state: int) -> None:
        self.state = state
        self.permit += 1
        self.results.clear()
        self.let_through = self.ended = self.failures = 0
        self.tell(state)


class LiveBudget:
    """A bucket of retries under way."""

    def __init__(self, retry: Retry) -> None:
        self.fill, self.most, self.left = retry.budget, retry.bucket, retry.bucket

    def first_call(self) -> None:
        """Put in what a first call earns."""
        if self.fill is not None:
            self.left = min(self.most, self.left + self.fill)

    def take(self) -> bool:
        """Take one retry out, and return whether there was one."""
        if self.fill is None:
            return True
        if self.left < 1:
            return False
        self.left -= 1
        return True
