"""Can a learner take work off the database with a small cache?"""

from __future__ import annotations

from apps.experiments.challenge import Challenge, Goal

CHALLENGES = {
    "small-and-useful": Challenge(
        "Small and useful",
        "A shop keeps every product it was asked for, but only for half a second, to be on the safe side. Less than "
        "half of the reads find their product. Prices hardly change. Bring the hit ratio to 60 %. "
        "The smallest cache wins.",
        params={"objects": 1_000, "offered_rps": 500, "cache_fraction": 1.0, "ttl_s": 0.5, "duration_s": 4},
        free=("cache_fraction", "ttl_s", "ttl_jitter", "eviction"),
        goals=(Goal("hit_ratio", ">=", 0.6),),
        cost=lambda params, figures: round(float(params["cache_fraction"]) * float(params["objects"])),
        cost_unit="products in the cache",
        par=300,
        idea="A copy that ends after half a second is fetched again, however large the cache is: of a product asked "
        "for λ times a second only λT/(1 + λT) of the reads hit. Size counts only where eviction, not time, ends "
        "the copies. Let them live, and under a skewed demand three tenths of the room are enough.",
        naive={"ttl_jitter": 0.5},
        solution={"ttl_s": 60.0, "cache_fraction": 0.3},
    ),
}
