"""Can a learner keep a service up while its dependency is down, with few threads?"""

from __future__ import annotations

from apps.experiments.challenge import Challenge, Goal

CHALLENGES = {
    "few-threads": Challenge(
        "Few threads",
        "Four of ten requests need a dependency that will not answer for 20 s; the timeout is a second. Answer at "
        "least 50 of the 60 others each second, and be well again within 3.5 s after the failure. The fewest threads "
        "win.",
        params={"breaker": "off", "failure": "down", "event_s": 20.0, "timeout_ms": 1_000.0, "threads": 30},
        free=("breaker", "window", "threshold", "open_s", "trial_calls", "threads"),
        goals=(Goal("goodput_during", ">=", 50.0), Goal("recovered_after_s", "<=", 3.5)),
        cost=lambda params, figures: float(params["threads"]),
        cost_unit="threads",
        par=12.0,
        idea="Without a breaker 40 calls a second hold a thread for a second each: 41 threads with the requests' own "
        "work, and a longer timeout needs more. A breaker makes the failure cost nothing. It has to be open for "
        "short: how long is what the caller stays without its dependency after that is well again.",
        naive={"breaker": "off", "threads": 30},
        solution={"breaker": "on", "open_s": 2.0, "threads": 10},
    )
}
