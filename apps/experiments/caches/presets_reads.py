"""Which questions about a cache in its steady state are worth a bet? Size, popularity, eviction, time to live."""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset, Sweep

HIT = "Hit ratio, once the cache has filled"

PRESETS = {
    "small-cache": Preset(
        "A small cache",
        "One product in ten fits into the cache. What share of the reads does it answer?",
        Prediction("hit_ratio", HIT, 0.0, 1.0),
        causes=(
            Cause(
                "A few products are read so often that they are always there.",
                True,
                "Yes. The top hundredth takes two fifths of the reads, and each of those puts off its eviction.",
            ),
            Cause(
                "A tenth of the products fits, so about a tenth of the reads hits.",
                False,
                "Only if all products were read alike. Set the skew to 0 and you get just that.",
            ),
            Cause(
                "Redis loads products before they are asked for.",
                False,
                "It never loads anything by itself. A product is stored when a read has missed it.",
            ),
            Cause(
                "PostgreSQL keeps popular rows in memory, and that counts as a hit.",
                False,
                "It does keep them, which makes a miss cheap. But a hit is counted by Redis alone.",
            ),
        ),
    ),
    "no-cache": Preset(
        "No cache at all",
        "The same reads without a cache: how long does the slowest hundredth take when every read asks PostgreSQL?",
        Prediction("read_p99_ms", "99 of 100 reads are faster than", 0.05, 1_000.0),
        {"pattern": "none"},
        causes=(
            Cause(
                "A row by its key, from memory, costs a tenth of a millisecond, and nobody waits for anybody.",
                True,
                "Yes. 400 such queries a second keep one core busy for a few per cent of its time. A cache saves "
                "capacity here, not time.",
            ),
            Cause(
                "Each query reads the disk.",
                False,
                "The whole table is a few megabytes and lies in memory. A disk would cost a hundred times as much.",
            ),
            Cause(
                "Reads wait for one of four connections.",
                False,
                "At 400 a second with a tenth of a millisecond each, hardly one read in a thousand finds all busy.",
            ),
        ),
    ),
    "even-popularity": Preset(
        "Everything equally popular",
        "One product in ten fits, and now all are read equally often. What share of the reads does the cache answer?",
        Prediction("hit_ratio", HIT, 0.0, 1.0),
        {"alpha": 0.0},
        causes=(
            Cause(
                "The next read is for any product, and one in ten happens to be there.",
                True,
                "Yes. Without favourites the hit ratio is the share that fits, under every policy.",
            ),
            Cause(
                "The policy keeps throwing out what is needed next.",
                False,
                "It cannot know what is needed next. Choose random eviction: the result stays the same.",
            ),
            Cause(
                "The run is too short to fill the cache.",
                False,
                "It fills within three seconds, and the reads before that are not counted.",
            ),
        ),
    ),
    "how-big": Preset(
        "How big should it be?",
        "Make the cache larger step by step, from a hundredth of the products to two fifths. How does the hit ratio "
        "grow?",
        Prediction("hit_ratio", HIT, 0.0, 1.0),
        {"duration_s": 12, "objects": 5_000, "offered_rps": 1_000},
        sweep=Sweep("cache_fraction", (0.01, 0.02, 0.05, 0.1, 0.2, 0.4)),
        causes=(
            Cause(
                "What a larger cache adds is asked for more rarely than what was there before.",
                True,
                "Yes. The first products are worth most, so the curve is steep at first and flat later: it is concave.",
            ),
            Cause(
                "Twice the memory holds twice the products, so it answers twice as much.",
                False,
                "It holds twice the products, but the second half is less popular than the first.",
            ),
            Cause(
                "Least recently used is a poor policy for large caches.",
                False,
                "The larger the cache, the less the policy matters. The best choice has the same bent curve.",
            ),
        ),
    ),
    "lru-or-random": Preset(
        "Evict anything",
        "One product in ten fits, and a full cache drops any entry instead of the least recently used. "
        "What is left of the hit ratio?",
        Prediction("hit_ratio", HIT, 0.0, 1.0),
        {"eviction": "allkeys-random", "duration_s": 30},
        causes=(
            Cause(
                "A popular product that was dropped is asked for, and stored, again at once.",
                True,
                "Yes. Popularity does most of the work. The policy decides about the few points at the edge.",
            ),
            Cause(
                "Redis looks at ten keys and drops the oldest, so random is nearly LRU.",
                False,
                "That is what its LRU does. Under allkeys-random it looks at one key and drops it.",
            ),
            Cause(
                "The cache was never full, so nothing was dropped.",
                False,
                "It was full after a few seconds: the count of its keys says so.",
            ),
        ),
    ),
    "short-ttl": Preset(
        "Two seconds to live",
        "Every product fits, but an entry lives only two seconds. What share of the reads does the cache answer?",
        Prediction("hit_ratio", HIT, 0.0, 1.0),
        {"cache_fraction": 1.0, "ttl_s": 2.0},
        causes=(
            Cause(
                "Most products are read less than once in two seconds, so their copies end unused.",
                True,
                "Yes. A product read λ times a second hits λT/(1+λT) of the time. Only the top hundred or so profits.",
            ),
            Cause(
                "The cache is too small.",
                False,
                "Every product fits. Give it a longer life instead: the ratio climbs.",
            ),
            Cause(
                "All copies end together, and the database cannot keep up.",
                False,
                "They were stored at different moments and end at different moments, and the database is mostly idle.",
            ),
        ),
    ),
}
