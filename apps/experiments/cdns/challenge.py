"""Can a learner spare the origin without filling every edge with disks?"""

from __future__ import annotations

from collections.abc import Mapping

from apps.experiments.challenge import Challenge, Goal
from apps.experiments.params import Params


def room(params: Params, figures: Mapping[str, float]) -> float:
    """Return what a solution costs: room in all caches together, in thousands of objects."""
    shield = float(params["shield_capacity"]) if params["shield"] == "yes" else 0.0
    return (float(params["edges"]) * float(params["edge_capacity"]) + shield) / 1_000


CHALLENGES = {
    "half-the-load": Challenge(
        "Half of the load",
        "Ten edges serve 100,000 objects, 5,000 requests a second. The origin may get half of them at most, and one "
        "client in five has to be served by its own edge. Decide how much room edges and shield get. All room costs "
        "the same: use as little as you can.",
        params={
            "edges": 10,
            "edge_capacity": 1_000,
            "shield": "no",
            "shield_capacity": 10_000,
            "objects": 100_000,
            "alpha": 0.8,
            "rps": 5_000.0,
        },
        free=("edge_capacity", "shield", "shield_capacity"),
        goals=(Goal("origin_share", "<=", 0.5), Goal("edge_hit_ratio", ">=", 0.2)),
        cost=room,
        cost_unit="thousand objects of room",
        par=25.0,
        idea="What ten edges store is stored ten times over: a thousand places in each hold about the same thousand "
        "objects. The shield stores once what all of them miss, so its room counts for all. Give the edges what "
        "latency needs, and the shield the rest.",
        naive={"shield": "no", "edge_capacity": 10_000},
        solution={"shield": "yes", "edge_capacity": 1_000, "shield_capacity": 14_000},
    )
}
