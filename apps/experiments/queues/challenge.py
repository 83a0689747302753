"""Can a learner keep a busy line short without buying the time of idle servers?"""

from __future__ import annotations

from collections.abc import Mapping

from apps.experiments.challenge import Challenge, Goal
from apps.experiments.params import Params


def evened(params: Params, figures: Mapping[str, float]) -> float:
    """Return how many things were made even: what arrives, what is served."""
    return float((params["service"] == "deterministic") + (params["arrivals"] == "deterministic"))


CHALLENGES = {
    "nine-tenths-busy": Challenge(
        "Nine tenths busy",
        "Your servers are dear: each has to be busy 90 % of the time, so twice the servers get twice the requests. "
        "Keep 99 of 100 waits under 30 ms all the same. The fewest servers win.",
        params={"utilisation": 0.9},
        free=("servers", "discipline"),
        goals=(Goal("p99_wait_ms", "<=", 30.0), Goal("utilisation", ">=", 0.88)),
        cost=lambda params, figures: float(params["servers"]),
        cost_unit="servers",
        par=18,
        idea="One line before many servers. Who goes first cannot help: somebody has to wait for what is there. But of "
        "eighteen servers one is free eighteen times as often, and a long service holds up nobody. The larger the "
        "pool, the fuller it may be.",
        naive={"discipline": "priority"},
        solution={"servers": 18},
    ),
    "half-the-wait": Challenge(
        "Half the wait, the same server",
        "One server at 80 % makes a request wait 40 ms. You get no second server, and no request fewer. Bring the mean "
        "wait to 24 ms or less. Whoever makes the fewest things even wins.",
        params={"utilisation": 0.8, "servers": 1},
        free=("service", "discipline", "arrivals"),
        goals=(Goal("mean_wait_ms", "<=", 24.0),),
        cost=evened,
        cost_unit="things made even",
        par=1,
        idea="The mean wait goes with the variance of what comes and of what is served (Pollaczek and Khinchine). No "
        "order of service changes it, as long as nobody knows how long a request will take. Cut long requests into "
        "equal pieces, or spread the arrivals, and half of the wait is gone at the same load.",
        naive={"discipline": "lifo"},
        solution={"service": "deterministic"},
    ),
}
