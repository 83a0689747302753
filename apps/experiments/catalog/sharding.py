"""Who moves when a shard joins, and who carries the most?"""

from __future__ import annotations

from apps.experiments.base import Chart, Experiment, Figure, Line
from apps.experiments.params import Choice, Param
from apps.experiments.shards.challenge import CHALLENGES
from apps.experiments.shards.finding import finding
from apps.experiments.shards.measure import run
from apps.experiments.shards.presets import PRESETS

ON_RINGS = {"scheme": ("ring", "bounded-ring")}

PARAMS = {
    "scheme": Param(
        "Scheme",
        "ring",
        "How a key finds its shard.",
        group="Shards",
        choices=(
            Choice("modulo", "Hash mod n", "The remainder of the hash by the number of shards."),
            Choice("range", "Ranges", "Neighbouring ids stay together; split points learned from a sample of 1,000."),
            Choice("ring", "Consistent hashing", "The next point on a ring on which each shard has many."),
            Choice("jump", "Jump hash", "No table; shards are added and taken away at the end only."),
            Choice("rendezvous", "Rendezvous", "Each shard bids for each key, the highest hash wins."),
            Choice("bounded-ring", "Ring, bounded loads", "A full shard passes further keys to the next on the ring."),
        ),
    ),
    "shards": Param("Shards", 10, "Before the change.", group="Shards", low=2, high=64, step=1),
    "vnodes": Param("Virtual nodes", 100, "Points on the ring a shard.", group="Shards", low=1, high=1_000, step=1,
                    applies=ON_RINGS),
    "load_factor": Param("Load factor", 1.25, "Most that a shard may get, in fair shares: 1 + ε.", group="Shards",
                         low=1.0, high=3.0, step=0.05, applies={"scheme": ("bounded-ring",)}),
    "keys": Param("Keys", 100_000, "How many there are.", group="Keys", low=1_000, high=1_000_000, step=1_000),
    "alpha": Param("Skew", 0.0, "Zipf exponent of the popularity: 0 all alike, 1 as in many caches.", group="Keys",
                   low=0.0, high=2.0, step=0.1),
    "popular": Param(
        "Popular keys",
        "scattered",
        "Which keys are asked for most. It matters with a skew, and to ranges.",
        group="Keys",
        choices=(
            Choice("scattered", "Any", "Old ids and new ones."),
            Choice("newest", "The newest", "The highest ids, as in feeds and logs."),
        ),
    ),
    "event": Param(
        "Change",
        "shard-added",
        "What happens.",
        group="Change",
        choices=(
            Choice("none", "None"),
            Choice("shard-added", "One more shard"),
            Choice("shard-removed", "A shard is lost", "One in the middle: failures do not choose the last."),
        ),
    ),
    "hit_ratio": Param("Hit ratio", 0.9, "If the shards are caches before a database: of requests, before the change.",
                       group="Change", low=0.1, high=0.99, step=0.01),
}  # fmt: skip

FIGURES = {
    "keys_moved": Figure("Keys moved", "%", "Share of the keys that have another shard after the change."),
    "max_over_mean_load": Figure("Busiest shard", "×", "Requests to the busiest shard over those to a mean one, after "
                                 "the change."),
    "max_over_mean_keys": Figure("Fullest shard", "×", "Keys of the fullest shard over those of a mean one, after the "
                                 "change."),
    "hottest_key_share": Figure("Hottest key", "×", "Requests to the most popular key, in fair shares of a shard."),
    "cache_db_load": Figure("Database load", "×", "If shards are caches: requests to the database behind them right "
                            "after the change, over those before. A key that moved is a miss."),
    "keys_elsewhere": Figure("Not at home", "%", "Keys that found their shard full and went on to another."),
    "table_entries": Figure("Table", "entries", "Numbers that a client keeps, besides the list of the shards."),
}  # fmt: skip

CHARTS = (
    Chart("Requests to each shard, in fair shares",
          (Line("requests_before", "Before"), Line("requests_after", "After")),
          "×", figures=("max_over_mean_load",), shape="bars", x="shard"),
    Chart("Keys of each shard, in fair shares", (Line("keys_before", "Before"), Line("keys_after", "After")),
          "×", figures=("max_over_mean_keys",), shape="bars", x="shard"),
    Chart("Keys that move when one shard joins",
          (Line("moved", "This scheme"), Line("moved_modulo", "Hash mod n: n/(n+1)", role="theory"),
           Line("moved_least", "The least: 1/(n+1)", role="theory")),
          "%", figures=("keys_moved",), high=1.0, x="shards before", log_x=True),
    Chart("How much the shards of a ring differ",
          (Line("deviation", "This ring"), Line("deviation_theory", "√((1−1/n)/(v+1/n))", role="theory")),
          "%", x="virtual nodes", log_x=True),
)  # fmt: skip

experiment = Experiment(
    title="Sharding",
    question=__doc__,
    kind="simulated",
    concepts=("sharding", "consistent-hashing", "hot-keys"),
    params=PARAMS,
    figures=FIGURES,
    presets=PRESETS,
    charts=CHARTS,
    run=run,
    finding=finding,
    model="keys placed by hash, before and after a change",
    caution="A count of keys: shards are equal, keys of one size, and moving them takes no time. Real shards are slow "
    "while keys move, and a copy of each key on other shards softens what is lost.",
    challenges=CHALLENGES,
    topic="Data on many machines",
)
