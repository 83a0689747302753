"""Which questions about shards are worth a bet?"""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset, Sweep

PRESETS = {
    "one-more-shard": Preset(
        "One more shard",
        "Ten shards, and a key lives on shard hash mod 10. An eleventh joins, so now it is hash mod 11. Which share of "
        "the keys has to move?",
        Prediction("keys_moved", "Keys moved", 0.0, 1.0),
        {"scheme": "modulo"},
        causes=(
            Cause(
                "Dividing by eleven gives another remainder for nearly every hash",
                True,
                "mod 10 and mod 11 agree for one hash in eleven. If the shards are caches, nearly all of them are "
                "empty now, and the database behind them gets nine times its load.",
            ),
            Cause(
                "The new shard takes its share from each of the others",
                False,
                "That would be one key in eleven, and a ring or rendezvous hashing does it. Here old shards exchange "
                "keys among each other as well.",
            ),
            Cause(
                "The hash spreads the keys badly",
                False,
                "It spreads them within 2 %, before and after. Even and stable are two different things.",
            ),
        ),
    ),
    "virtual-nodes": Preset(
        "Points on the ring",
        "Ten shards on a ring, keys all alike. Draw how many times its fair share the fullest shard has, as each "
        "shard stands at more points.",
        Prediction("max_over_mean_keys", "Fullest shard", 1.0, 5.0),
        {"event": "none"},
        sweep=Sweep("vnodes", (1, 3, 10, 30, 100, 300, 1_000)),
        causes=(
            Cause(
                "A shard's share is a sum of arcs, and sums vary less: as one over the root of their number",
                True,
                "With one point the fullest of ten has three times its share; with 100 points shards differ by 10 %, "
                "with 1,000 by 3 %. Four times the table for half of the unevenness.",
            ),
            Cause(
                "A hash spreads points evenly, so that one is enough",
                False,
                "At random is not evenly: ten random cuts leave arcs of very different length.",
            ),
            Cause(
                "More points mean more keys on each shard",
                False,
                "The keys are the same 100,000 at every point of the curve.",
            ),
        ),
    ),
    "hot-key": Preset(
        "A key that everybody wants",
        "Rendezvous hashing gives ten shards the same number of keys, within 2 %. A few keys are very popular (Zipf, "
        "1.2). How many times a mean shard's requests does the busiest shard get?",
        Prediction("max_over_mean_load", "Busiest shard", 1.0, 10.0),
        {"scheme": "rendezvous", "alpha": 1.2, "event": "none"},
        causes=(
            Cause(
                "One key alone is more than a shard's share, and a key lives on one shard",
                True,
                "The hottest key asks for twice what a shard can fairly take. Whatever the hash, it is somewhere. It "
                "needs copies, or a cache before the shards.",
            ),
            Cause(
                "Too few virtual nodes",
                False,
                "Rendezvous hashing has none, and the keys are even. It is the requests that are not.",
            ),
            Cause(
                "Too many keys on one shard",
                False,
                "Each has a tenth of the keys, within 2 %. Counting keys says little about load.",
            ),
        ),
    ),
    "bounded-loads": Preset(
        "No shard above its bound",
        "Keys of Zipf popularity on a ring; a shard that is full passes keys to the next. A shard joins, an eleventh "
        "of the keys would have to move. Draw which share does, as the bound rises from exactly fair to twice that.",
        Prediction("keys_moved", "Keys moved", 0.0, 0.5),
        {"scheme": "bounded-ring", "alpha": 1.0},
        sweep=Sweep("load_factor", (1.0, 1.05, 1.1, 1.25, 1.5, 2.0)),
        causes=(
            Cause(
                "A tight bound pushes keys from shard to shard, and a change pushes them anew",
                True,
                "At exactly fair a third of the keys moves. At 1.25 the busiest shard keeps its bound, and hardly more "
                "keys move than on a plain ring. Even and stable have a price, and a little slack buys most of both.",
            ),
            Cause(
                "A lower bound means fewer keys a shard, and so fewer that move",
                False,
                "All keys are placed somewhere. A lower bound only sends more of them away from home.",
            ),
            Cause(
                "The new shard takes more if the bound is lower",
                False,
                "It takes a fair share in each case. The others exchange keys among each other.",
            ),
        ),
    ),
    "newest-ids": Preset(
        "Everybody reads the newest",
        "Ten shards by ranges of ids, each with as many keys. The newest ids are the most popular. A shard joins and "
        "takes half of the busiest. How many times a mean shard's requests does the busiest get then?",
        Prediction("max_over_mean_load", "Busiest shard", 1.0, 20.0),
        {"scheme": "range", "alpha": 1.0, "popular": "newest"},
        causes=(
            Cause(
                "Ranges keep neighbours together, and the popular keys are neighbours",
                True,
                "Most requests go to the last range. Halving it by keys leaves the newest, and nearly all requests, "
                "in one half. A hash scatters them, at the price of range scans.",
            ),
            Cause(
                "The split points were learned from too small a sample",
                False,
                "Keys are even within a few per cent. They were learned from keys; requests are another matter.",
            ),
            Cause(
                "One key is too popular for a shard",
                False,
                "The hottest asks for less than a fair share here. On a ring the busiest shard has less than twice "
                "the mean.",
            ),
        ),
    ),
}
