"""Can a learner keep shards even and caches warm? Two situations, each lost without the lesson's idea."""

from __future__ import annotations

from collections.abc import Mapping

from apps.experiments.challenge import Challenge, Goal
from apps.experiments.params import Params


def entries(params: Params, figures: Mapping[str, float]) -> float:
    """Return the size of the table that a client keeps."""
    return figures["table_entries"]


def database(params: Params, figures: Mapping[str, float]) -> float:
    """Return how much more the database gets until the caches are warm again."""
    return figures["cache_db_load"]


CHALLENGES = {
    "small-table": Challenge(
        title="Even shards from a small table",
        text="Ten shards stand on a ring, and one more joins. Every client keeps the ring in memory. At most 15 % of "
        "the keys may move, and the fullest shard may have 1.25 times its fair share. With how small a ring?",
        params={"scheme": "ring", "shards": 10, "event": "shard-added", "keys": 100_000, "alpha": 0.0},
        free=("vnodes",),
        goals=(Goal("keys_moved", "<=", 0.15), Goal("max_over_mean_keys", "<=", 1.25)),
        cost=entries,
        cost_unit="entries",
        par=2_200,
        idea="Virtual nodes: a shard with many points on the ring owns many small arcs, and their sum varies as one "
        "over the root of their number. Where a new shard takes its arcs is as even.",
        naive={"vnodes": 1},
        solution={"vnodes": 200},
    ),
    "cache-lost": Challenge(
        title="Lose a cache, keep the database",
        text="Sixteen caches with a hit ratio of 95 % stand before a database that can bear 2.5 times its load. One "
        "of them fails; which one, nobody knows before. None of the others may get more than 1.4 times its fair share.",
        params={"shards": 16, "event": "shard-removed", "keys": 100_000, "alpha": 0.6, "hit_ratio": 0.95},
        free=("scheme", "vnodes", "load_factor"),
        goals=(Goal("cache_db_load", "<=", 2.5), Goal("max_over_mean_load", "<=", 1.4)),
        cost=database,
        cost_unit="times the database's load",
        par=2.45,
        idea="Only the keys of the lost cache should move, and to all others alike. A ring with many virtual nodes and "
        "rendezvous hashing do both; hash mod n moves nearly everything, and ranges burden one neighbour.",
        naive={"scheme": "modulo"},
        solution={"scheme": "rendezvous"},
    ),
}
