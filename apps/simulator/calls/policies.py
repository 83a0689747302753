"""What does a careful caller do? It tries again, waits a while, keeps to a budget, or stops asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Backoff = Literal["none", "fixed", "exponential"]
Jitter = Literal["none", "equal", "full", "decorrelated"]
Balancer = Literal[
    "random", "round-robin", "weighted", "least-connections", "two-choices", "ip-hash", "consistent-hash"
]


@dataclass(frozen=True, slots=True)
class Retry:
    """At most `attempts` calls in all, with a pause before each further one.

    The pause before retry k = 1, 2, … is b: "none" 0, "fixed" base_s, "exponential" min(cap_s, base_s·2^(k−1)). Jitter
    makes it "equal" b/2 + U(0, b/2), "full" U(0, b), "decorrelated" min(cap_s, U(base_s, 3·pause before)), the first
    pause before counting as base_s (AWS, "Exponential Backoff and Jitter").
    `budget`: a bucket, shared by all requests of this caller, that each first call fills by `budget` and each retry
    empties by 1; it holds at most `bucket`, and begins full. A retry that finds less than 1 is not made. None: no
    bound.
    """

    attempts: int = 1
    backoff: Backoff = "none"
    base_s: float = 0.1
    cap_s: float = 10.0
    jitter: Jitter = "none"
    budget: float | None = None
    bucket: float = 10.0


@dataclass(frozen=True, slots=True)
class Breaker:
    """Opens when, of the last `window` ended calls, at least `minimum` are there and the share of failures is at least
    `threshold`; while open, calls fail at once, without a retry. After `open_s` up to `trials` calls are let through;
    when all of them have ended, it closes if their share of failures is below the threshold, and opens again if not
    (resilience4j's count-based breaker). A call that times out is a failure; an answer from before the breaker changed
    says nothing. One breaker is shared by all requests of this caller.
    """

    window: int = 100
    minimum: int = 100
    threshold: float = 0.5
    open_s: float = 60.0
    trials: int = 10
