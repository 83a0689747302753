"""Can a learner make a screen fast and keep the promised limit, with few threads?"""

from __future__ import annotations

from collections.abc import Mapping

from apps.experiments.challenge import Challenge, Goal
from apps.experiments.params import Params


def threads(params: Params, figures: Mapping[str, float]) -> float:
    """Return what a try costs: the threads of all gateways."""
    return float(params["gateways"]) * float(params["threads"])


CHALLENGES = {
    "mobile-screen": Challenge(
        "A screen for phones",
        "A screen needs five services of 20 ms; phones are 100 ms away. 300 requests a second come, and the services "
        "were promised at most 200. There are four gateways. Bring the slowest hundredth under 300 ms, let at least "
        "190 requests a second through and at most 206, with as few threads in all as you can.",
        params={"mode": "direct", "calls": 5, "client_rtt_ms": 100.0, "inner_rtt_ms": 2.0, "service_ms": 20.0,
                "auth_ms": 10.0, "auth_cache_hit": 0.9, "gateway_ms": 1.0, "gateways": 4, "threads": 64,
                "limit_rps": 200.0, "limit_store": "local", "offered_rps": 300.0, "duration_s": 40.0},
        free=("mode", "threads", "limit_store"),
        goals=(Goal("p99_ms", "<=", 300.0), Goal("admitted_rps", ">=", 190.0), Goal("admitted_rps", "<=", 206.0)),
        cost=threads,
        cost_unit="threads",
        par=20.0,
        idea="Gateways that ask all services at once hold a thread only as long as the slowest takes, so few threads "
        "do. And a limit for all has to be counted in one place.",
        naive={"mode": "aggregate-serial", "threads": 16},
        solution={"mode": "aggregate-parallel", "threads": 5, "limit_store": "shared"},
    ),
}  # fmt: skip
