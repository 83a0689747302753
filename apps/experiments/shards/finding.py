"""What did a sharding run find, in one sentence?"""

from __future__ import annotations

from apps.experiments.base import Outcome
from apps.experiments.params import Params
from apps.experiments.shards.settings import Settings

NAMES = {
    "modulo": "By hash mod n",
    "range": "By ranges",
    "ring": "On a ring",
    "jump": "With jump hash",
    "rendezvous": "With rendezvous hashing",
    "bounded-ring": "On a ring with bounded loads",
}


def finding(params: Params, outcome: Outcome) -> str:
    """Return the result of a run as one plain sentence."""
    settings, figures = Settings.of(params), outcome.figures
    fullest = (
        f"the busiest of {len(settings.after)} shards has {figures['max_over_mean_load']:.3g} times its fair share"
    )
    name = NAMES[settings.scheme]
    if settings.event == "none":
        return (
            f"{name}, {fullest} of the requests, and the fullest {figures['max_over_mean_keys']:.3g} times of the keys."
        )
    change = "one more shard" if settings.event == "shard-added" else "the loss of a shard"
    return (
        f"{name}, {change} moves {figures['keys_moved'] * 100:.3g} % of the keys, and until caches are warm again the "
        f"database gets {figures['cache_db_load']:.2g} times its load; {fullest} of the requests."
    )
