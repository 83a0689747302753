"""How does each of the six rate limiters decide? The exact rules, in whole numbers, without a server.

Each rule is a function of a policy, what was remembered, and the time in microseconds. It returns a verdict and what is
to be remembered from now on; () is what is known of somebody new.

A verdict is a number of microseconds. Zero or more: admitted, and sent on after so long (only the leaky bucket makes
wait). Below zero: rejected, and the same request so much later would be admitted if nobody else came.

Nothing is rounded: requests at a rate of `limit` in `window` are no whole microseconds apart, so token bucket, leaky
bucket and GCRA count in units of 1/limit microsecond, in which one request is worth `window`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ADMITTED = 0
State = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """At most `limit` requests in `window` microseconds; `burst` is the size of a bucket or the length of a queue."""

    limit: int
    window: int
    burst: int


Rule = Callable[[Policy, State, int], tuple[int, State]]


def fixed_window(policy: Policy, state: State, now: int) -> tuple[int, State]:
    """Count from edge to edge of the window. Remembers (number of the window, count)."""
    window = now // policy.window
    count = state[1] if state and state[0] == window else 0
    if count >= policy.limit:
        return now - (window + 1) * policy.window, state
    return ADMITTED, (window, count + 1)


def sliding_log(policy: Policy, state: State, now: int) -> tuple[int, State]:
    """Count what was admitted within the window that ends now. Remembers the moment of each."""
    kept = state[bisect_right(state, now - policy.window) :]
    if len(kept) >= policy.limit:
        return now - kept[0] - policy.window, state
    return ADMITTED, (*kept, now)


def sliding_counter(policy: Policy, state: State, now: int) -> tuple[int, State]:
    """Count this window, and the last one as far as it overlaps the window that ends now.

    Remembers (number of the window, count before it, count in it).
    """
    window, into = divmod(now, policy.window)
    before, count = _two_counts(state, window)
    opens = _opens(policy, before, count)
    if into >= opens:
        return ADMITTED, (window, before, count + 1)
    if opens < policy.window:
        return into - opens, state
    return into - policy.window - _opens(policy, count, 0), state


def _two_counts(state: State, window: int) -> tuple[int, int]:
    """Return what was admitted in the window before this one, and in this one."""
    if not state or state[0] < window - 1:
        return 0, 0
    return (state[1], state[2]) if state[0] == window else (state[2], 0)


def _opens(policy: Policy, before: int, count: int) -> int:
    """Return how far into a window one more fits: before · (window − into) + (count + 1) · window ≤ limit · window."""
    room = policy.limit - count - 1
    if not before:
        return 0 if room >= 0 else policy.window
    return max(0, policy.window - room * policy.window // before)


def token_bucket(policy: Policy, state: State, now: int) -> tuple[int, State]:
    """Take a token from a bucket that holds `burst` and fills at the rate. Remembers (tokens, when)."""
    full = policy.burst * policy.window
    tokens, at = state or (full, now)
    tokens = min(full, tokens + (now - at) * policy.limit)
    if tokens < policy.window:
        return (tokens - policy.window) // policy.limit, state
    return ADMITTED, (tokens - policy.window, now)


def leaky_bucket(policy: Policy, state: State, now: int) -> tuple[int, State]:
    """Queue for an outlet that lets one go each `window`/`limit`; `burst` may wait. Remembers when it is free."""
    free = max(state[0] if state else 0, now * policy.limit)
    wait = free - now * policy.limit
    if wait > policy.burst * policy.window:
        return (policy.burst * policy.window - wait) // policy.limit, state
    return -(-wait // policy.limit), (free + policy.window,)


def gcra(policy: Policy, state: State, now: int) -> tuple[int, State]:
    """Admit what does not come too early for an even stream. Remembers when the next request is due in theory."""
    due = max(state[0] if state else 0, now * policy.limit)
    early = due - now * policy.limit - (policy.burst - 1) * policy.window
    if early > 0:
        return -early // policy.limit, state
    return ADMITTED, (due + policy.window,)


RULES: Mapping[str, Rule] = {
    "fixed-window": fixed_window,
    "sliding-log": sliding_log,
    "sliding-counter": sliding_counter,
    "token-bucket": token_bucket,
    "leaky-bucket": leaky_bucket,
    "gcra": gcra,
}


class Limiter:
    """One limiter in memory: a rule and what it remembers of one customer."""

    def __init__(self, algorithm: str, policy: Policy) -> None:
        self._rule, self._policy = RULES[algorithm], policy
        self.state: State = ()

    def __call__(self, now: int) -> int:
        """Return the verdict on a request at `now` (microseconds, never before the last one)."""
        verdict, self.state = self._rule(self._policy, self.state, now)
        return verdict
