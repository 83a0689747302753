"""Can a learner choose a quorum that survives a partition and never lies?"""

from __future__ import annotations

from collections.abc import Mapping

from apps.experiments.challenge import Challenge, Goal
from apps.experiments.params import Params


def copies(params: Params, figures: Mapping[str, float]) -> float:
    """Return what a solution costs: the copies of the data."""
    return float(params["n"])


CHALLENGES = {
    "never-stale-never-down": Challenge(
        "Never stale, never down",
        "Bank balances: a read must never miss an acknowledged write. For 20 of 60 seconds the network cuts off a "
        "minority of the copies; clients sit with the majority, and 99 of 100 operations have to succeed even then. "
        "Reads are ten times as frequent as writes, so they should not wait for more than 7 ms in 99 of 100 cases. "
        "Use as few copies as you can.",
        params={
            "n": 5,
            "r": 1,
            "w": 1,
            "partition": "minority",
            "partition_at_s": 20.0,
            "partition_s": 20.0,
            "side": "majority",
            "duration_s": 60.0,
        },
        free=("n", "r", "w"),
        goals=(
            Goal("stale_fraction", "<=", 0.0),
            Goal("availability_during", ">=", 0.99),
            Goal("read_p99_ms", "<=", 7.0),
        ),
        cost=copies,
        cost_unit="copies",
        par=3.0,
        idea="R + W > N makes every read meet every write; both a majority is the one choice that also survives "
        "the loss of any minority. Reading one and writing all is never stale either, but no write succeeds while a "
        "copy is away. Three copies do: more only make each operation wait for more answers.",
        naive={"n": 3, "r": 1, "w": 3},
        solution={"n": 3, "r": 2, "w": 2},
    )
}
