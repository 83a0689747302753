"""Can a learner bring a crowd back without a stampede?"""

from __future__ import annotations

from apps.experiments.challenge import Challenge, Goal

CHALLENGES = {
    "all-back": Challenge(
        "All back",
        "A gateway was restarted: 500 clients come back at one moment. It serves 200 a second and has room for 20; "
        "whoever finds it full is refused and has to try again. Have all of them served within 6 s. The fewest calls "
        "win.",
        params={"trigger": "reconnect", "clients": 500, "capacity_rps": 200.0},
        free=("backoff", "base_ms", "cap_ms", "jitter"),
        goals=(Goal("recovered", ">=", 1.0), Goal("completion_ms", "<=", 6_000.0)),
        cost=lambda params, figures: figures["calls"],
        cost_unit="calls",
        par=1_500.0,
        idea="Clients who fail together wait equally long and fail together again: each wave fills the 20 places and "
        "leaves the server idle until the next. Jitter spreads them over the whole pause, so that the server "
        "always has something to do; a longer pause then saves calls.",
        naive={"backoff": "exponential", "jitter": "none"},
        solution={"backoff": "exponential", "jitter": "full", "base_ms": 2_000.0},
    )
}
