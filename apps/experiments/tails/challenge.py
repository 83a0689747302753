"""Can a learner cut the tail of a page without paying for every call twice?"""

from __future__ import annotations

from collections.abc import Mapping

from apps.experiments.challenge import Challenge, Goal
from apps.experiments.params import Params


def extra_load(params: Params, figures: Mapping[str, float]) -> float:
    """Return what a try costs: the calls that it adds, in per cent."""
    return 100 * figures["extra_load"]


CHALLENGES = {
    "hundred-leaves": Challenge(
        "A hundred leaves, one page",
        "A page waits for 100 calls. Half of all calls take less than 10 ms, but one in a hundred takes more than "
        "100 ms, and without a second call one page in a hundred takes over 400 ms. Bring the slowest hundredth of "
        "the pages under 200 ms with at most 5 % more calls. The fewer calls you add, the better.",
        params={"fan_out": 100, "law": "lognormal", "leaf_ms": 10.0, "slow_fraction": 0.01, "hedge_after_ms": 0.0,
                "utilisation": 0.0, "requests": 10_000},
        free=("hedge_after_ms",),
        goals=(Goal("p99_ms", "<=", 200.0), Goal("extra_load", "<=", 0.05)),
        cost=extra_load,
        cost_unit="% more calls",
        par=1.0,
        idea="Ask a second time only when the answer is already late: later than 19 of 20 others. Two calls that are "
        "independent are both slow one time in many, and only the few that were late are paid twice.",
        naive={"hedge_after_ms": 10.0},
        solution={"hedge_after_ms": 110.0},
    ),
}  # fmt: skip
