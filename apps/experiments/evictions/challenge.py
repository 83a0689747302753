"""Can a learner make a small cache do, where what is asked for is of three kinds?"""

from __future__ import annotations

from collections.abc import Mapping

from apps.experiments.challenge import Challenge, Goal
from apps.experiments.params import Params, Value

MIXED: dict[str, Value] = {"trace": "mixed", "objects": 10_000, "alpha": 1.0, "requests": 300_000}


def room(params: Params, figures: Mapping[str, float]) -> float:
    """Return the objects that the cache has room for. Foresight has its price: as if everything were cached."""
    return float(params["objects"] if params["policy"] == "optimal" else params["capacity"])


CHALLENGES = {
    "small-and-clever": Challenge(
        "Half of all requests, with little room",
        "Sixty of 100 requests are for products by Zipf's law, twenty for the next of 1,000 records in a loop, and "
        "twenty for something that nobody asks for again. Answer half of all requests from the cache, with as little "
        "room as you can. (Optimal reads the future; it is charged for all 10,000 objects.)",
        {**MIXED, "policy": "lru", "capacity": 1_000},
        ("policy", "capacity"),
        (Goal("hit_ratio", ">=", 0.5),),
        room,
        "objects",
        1_000,
        "Do not let in what was asked for once. W-TinyLFU compares who knocks with who would have to go, by how often "
        "each was asked for lately: one-time keys stay outside, and the loop, read again and again, comes in. LRU "
        "needs more than three times the room.",
        naive={"policy": "lru", "capacity": 3_000},
        solution={"policy": "w-tinylfu", "capacity": 1_000},
    ),
}
