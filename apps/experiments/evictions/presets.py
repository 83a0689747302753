"""Which questions about eviction are worth a bet?"""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset, Sweep

HITS = "Share of requests that hit"

PRESETS = {
    "one-too-many": Preset(
        "One too many",
        "A job reads 1,001 records in turn, over and over. The cache has room for 1,000 and evicts what was not read "
        "for the longest. Which share of the reads hits?",
        Prediction("hit_ratio", HITS, 0.0, 1.0),
        {"policy": "lru", "trace": "loop", "objects": 1_001, "capacity": 1_000, "requests": 200_000},
        causes=(
            Cause(
                "The record that was not read for the longest is the very one that comes next",
                True,
                "In a loop the past is a mirror: longest unused means soonest needed. So every read misses, although "
                "999 of 1,000 could hit.",
            ),
            Cause(
                "One record in 1,001 does not fit, so one read in 1,001 misses",
                False,
                "That is what the cache could do if it left the others alone. To let that one record in, LRU throws "
                "out the next, and so on round the loop.",
            ),
            Cause(
                "The cache is still cold",
                False,
                "The first third of the run is not counted, and that alone is 66 rounds. A thousand more would not "
                "help.",
            ),
        ),
    ),
    "let-chance-decide": Preset(
        "Let chance decide",
        "The same loop of 1,001 records and the same cache for 1,000, where LRU hits nothing. Now a record is evicted "
        "at random. Which share hits?",
        Prediction("hit_ratio", HITS, 0.0, 1.0),
        {"policy": "random", "trace": "loop", "objects": 1_001, "capacity": 1_000, "requests": 200_000},
        causes=(
            Cause(
                "Only one record is missing at a time, and on average it is half a round away",
                True,
                "A miss evicts any of 1,000. The loop runs on through hits until it meets that one, 500 reads later on "
                "average: 1 − 2/1,001 hit. A rule that is always wrong is worse than no rule.",
            ),
            Cause(
                "Chance is right half of the time",
                False,
                "It need not be right: any choice but the very next record leaves a stretch of hits.",
            ),
            Cause(
                "Random eviction keeps what is popular",
                False,
                "Nothing is popular in a loop: each record is read as often as any other.",
            ),
        ),
    ),
    "after-the-scan": Preset(
        "A report at night",
        "Now and then a report reads 5,000 records that nobody else wants, one after the other, past a cache for "
        "1,000. Take LRU's misses as 100 %. How many has SIEVE, which keeps only what was asked for again?",
        Prediction("misses_vs_lru", "Misses, if LRU has 100 %", 0.3, 1.5),
        {"policy": "sieve", "trace": "scan", "objects": 10_000, "capacity": 1_000, "alpha": 0.9},
        causes=(
            Cause(
                "Records read once leave SIEVE again before they push out what was read twice",
                True,
                "LRU puts each record of the report before everything else, so 1,000 of them empty the cache, and "
                "after the report it begins anew. The third of the reads that belongs to the reports misses with both.",
            ),
            Cause(
                "SIEVE knows which reads are from a report",
                False,
                "It sees keys, and one bit for each: asked for again or not.",
            ),
            Cause(
                "SIEVE has more room",
                False,
                "Both hold 1,000 records. What differs is which.",
            ),
        ),
    ),
    "recency-or-frequency": Preset(
        "How good is good?",
        "10,000 products, popularity by Zipf's law, room for 100. LRU finds 39 % in the cache; one that knew the "
        "future would find 58 %. Where does SIEVE come out?",
        Prediction("hit_ratio", HITS, 0.3, 0.65),
        {"policy": "sieve", "trace": "zipf", "objects": 10_000, "capacity": 100, "alpha": 1.0},
        causes=(
            Cause(
                "With steady popularity, how often tells more than how lately",
                True,
                "LRU lets in every product that is asked for once, and most of those come from the long tail. SIEVE "
                "keeps what proved itself, and gains almost two thirds of the way to the bound.",
            ),
            Cause(
                "SIEVE remembers how often each product was asked for",
                False,
                "It has one bit for each product in the cache and none for the others. That is enough.",
            ),
            Cause(
                "LRU is slow",
                False,
                "Speed plays no part here: only which products are in the cache.",
            ),
        ),
    ),
    "ten-times-the-room": Preset(
        "Ten times the room",
        "10,000 products, popularity by Zipf's law, LRU. Draw the hit ratio as the cache grows from 30 to 3,000.",
        Prediction("hit_ratio", HITS, 0.0, 1.0),
        {"policy": "lru", "trace": "zipf", "objects": 10_000, "alpha": 1.0, "requests": 200_000},
        sweep=Sweep("capacity", (30, 100, 300, 1_000, 3_000)),
        causes=(
            Cause(
                "Each new place holds a less popular product than the last",
                True,
                "The k-th product is asked for 1/k as often as the first, and the sum of 1/k grows like the logarithm. "
                "So three times the room adds about the same each time, whether that is 60 places or 2,000.",
            ),
            Cause(
                "A larger cache is searched for longer",
                False,
                "It answers or does not; how long that takes is not looked at here.",
            ),
            Cause(
                "Ten times the room means ten times the hits",
                False,
                "Then 300 places would have hit more than everything.",
            ),
        ),
    ),
}
