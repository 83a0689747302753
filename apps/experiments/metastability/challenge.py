"""Can a learner keep retries that help in calm weather, and survive the storm?"""

from __future__ import annotations

from apps.experiments.challenge import Challenge, Goal

CHALLENGES = {
    "back-on-its-feet": Challenge(
        "Back on its feet",
        "One call in fifty fails by chance, so clients try again. Then the server stops for 5 s. Goodput has to be "
        "back within 12 s after that, and in calm weather no more than 2 of 1,000 requests may go without an answer. "
        "Only the clients are yours. The fewest requests given up over the whole run win.",
        params={
            "trigger": "outage", "outage_s": 5.0, "event_at_s": 20.0, "duration_s": 60.0, "failing": 0.02,
            "capacity_rps": 200.0, "offered_rps": 120.0,
        },
        free=("attempts", "backoff", "base_ms", "cap_ms", "jitter", "budget"),
        goals=(Goal("recovered", ">=", 1.0), Goal("recovered_after_s", "<=", 12.0), Goal("failed_before", "<=", 0.002)),
        cost=lambda params, figures: figures["given_up"] * 100,
        cost_unit="% given up",
        par=25.0,
        idea="Pauses, however long and however spread, only shift the retries: each request still makes all of its "
        "attempts, three times the load. A budget bounds their sum: a tenth more load than without retries is "
        "all that can ever come, and in calm weather one in fifty is far below that.",
        naive={"attempts": 3, "backoff": "exponential", "jitter": "full"},
        solution={"attempts": 3, "budget": 0.1},
    )
}  # fmt: skip
