"""Can a learner run servers full although one of them is slow? Lost by taking turns, won by looking."""

from __future__ import annotations

from collections.abc import Mapping

from apps.experiments.balancers.settings import Settings
from apps.experiments.challenge import Challenge, Goal
from apps.experiments.params import Params


def servers_per_thousand(params: Params, figures: Mapping[str, float]) -> float:
    """Return how many such servers stand there for 1,000 requests a second."""
    settings = Settings.of(params)
    return 1_000 * settings.servers / settings.rate


CHALLENGES = {
    "one-is-slow": Challenge(
        title="One is slow",
        text="Ten servers, 10 ms a request, and one of them has a bad disk: it takes five times as long. 99 of 100 "
        "requests have to be answered within 100 ms. How much can they carry? The fewest servers for 1,000 requests a "
        "second win.",
        params={"servers": 10, "slow_servers": 1, "slow_factor": 5.0, "duration_s": 30.0},
        free=("algorithm", "utilisation"),
        goals=(Goal("p99_ms", "<=", 100.0), Goal("dropped", "<=", 0.0)),
        cost=servers_per_thousand,
        cost_unit="servers for 1,000 requests/s",
        par=15.6,
        idea="Open requests tell which server is slow without anybody measuring it: the slow one has more of them, and "
        "gets fewer new ones. Taking turns sends it a tenth of everything, and its line never ends.",
        naive={"algorithm": "round-robin", "utilisation": 0.5},
        solution={"algorithm": "least-connections", "utilisation": 0.7},
    ),
}
