"""Can a learner keep a page up while one of its services is down to a crawl, without buying threads for it?"""

from __future__ import annotations

from collections.abc import Mapping

from apps.experiments.challenge import Challenge, Goal
from apps.experiments.params import Params


def threads(params: Params, figures: Mapping[str, float]) -> float:
    """Return what a try costs: the threads of the page."""
    return float(params["threads"])


CHALLENGES = {
    "bulkhead": Challenge(
        "Keep the page up",
        "A page asks five services; one of them only adds recommendations and may be missing. That one now takes 5 s "
        "instead of 50 ms. The page waits for 2 s, clients for 3 s. Keep 99 of 100 requests answered, and 99 of 100 "
        "answers under 1.5 s, with as few threads as you can.",
        params={"shape": "fan-out", "services": 5, "availability": 1.0, "service_ms": 50.0, "rps": 100.0, "servers": 0,
                "threads": 100, "bulkhead": 0, "last": "optional", "timeout_ms": 2_000.0,
                "client_timeout_ms": 3_000.0, "attempts": 1, "deadlines": "no", "event": "slow-service",
                "event_in": "last", "event_at_s": 5.0, "slow_factor": 100.0, "duration_s": 40.0},
        free=("threads", "bulkhead", "timeout_ms", "attempts", "deadlines"),
        goals=(Goal("availability", ">=", 0.99), Goal("p99_ms", "<=", 1_500.0)),
        cost=threads,
        cost_unit="threads",
        par=25.0,
        idea="A bulkhead: only a few threads may wait for the slow service at once, and whoever comes when they are "
        "taken goes on without it. A shorter timeout helps as well. More threads only make a longer wait.",
        naive={"threads": 150},
        solution={"threads": 25, "bulkhead": 2, "timeout_ms": 1_000.0},
    ),
}  # fmt: skip
