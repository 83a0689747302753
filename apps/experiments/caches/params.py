"""What may be set in the caching lab?"""

from __future__ import annotations

from apps.experiments.params import Choice, Param

CACHED = ("cache-aside", "read-through", "write-through", "write-behind")
IF_CACHED = {"pattern": CACHED}

CACHE = {
    "pattern": Param(
        "Pattern",
        "cache-aside",
        "How reads and writes use the cache.",
        group="Cache",
        choices=(
            Choice("none", "No cache", "Every request asks the database."),
            Choice(
                "cache-aside",
                "Cache-aside",
                "Look into the cache; on a miss ask the database and store the answer. A write goes to the database, "
                "then deletes the copy.",
            ),
            Choice(
                "read-through",
                "Read-through",
                "The same reads, but made by the cache layer: callers never talk to the database. Writers do, and go "
                "round the cache: a copy stays as it is until its time to live ends.",
            ),
            Choice(
                "write-through", "Write-through", "A write goes to the database and, before the reply, to the cache."
            ),
            Choice(
                "write-behind",
                "Write-behind",
                "A write goes to the cache and to a queue in Redis, and is acknowledged. Batches bring it to the "
                "database later.",
            ),
        ),
    ),
    "eviction": Param(
        "Eviction",
        "allkeys-lru",
        "What a full cache gives up to make room.",
        group="Cache",
        choices=(
            Choice("allkeys-lru", "Least recently used", "What has not been read for the longest time."),
            Choice("allkeys-lfu", "Least frequently used", "What has been read least often of late."),
            Choice("allkeys-random", "Random", "Anything."),
            Choice("volatile-ttl", "Next to expire", "What would expire soonest. Needs a time to live."),
            Choice("noeviction", "Nothing", "A full cache refuses new entries."),
        ),
        applies=IF_CACHED,
    ),
    "cache_fraction": Param(
        "Cache size",
        0.1,
        "Share of the products that fits into the cache. Set as a memory limit, checked by counting keys.",
        group="Cache",
        low=0.01,
        high=1.0,
        step=0.01,
        applies=IF_CACHED,
    ),
    "ttl_s": Param(
        "Time to live",
        0.0,
        "An entry is dropped so many seconds after it was stored. 0 keeps it until it is evicted.",
        group="Cache",
        unit="s",
        low=0.0,
        high=600.0,
        step=0.5,
        applies=IF_CACHED,
    ),
    "ttl_jitter": Param(
        "Jitter",
        0.0,
        "Spreads each time to live evenly over this share of it, half below and half above, so that copies stored "
        "together do not end together. Needs a time to live.",
        group="Cache",
        low=0.0,
        high=1.0,
        step=0.1,
        applies=IF_CACHED,
    ),
    "stampede": Param(
        "Stampede guard",
        "none",
        "What keeps many readers from asking the database for the same product at once.",
        group="Cache",
        choices=(
            Choice("none", "None", "Every reader that misses asks the database."),
            Choice("single-flight", "Single flight", "One reader asks, the others wait for its answer."),
            Choice(
                "early-refresh",
                "Early refresh",
                "A reader refreshes a copy before it ends, at random, the likelier the nearer the end (XFetch, β = 1).",
            ),
            Choice(
                "stale-while-revalidate",
                "Stale while revalidate",
                "An expired copy is served for ten more seconds; the first who gets it fetches a new one.",
            ),
        ),
        applies=IF_CACHED,
    ),
    "flush_interval_s": Param(
        "Flush interval",
        1.0,
        "Write-behind brings its queue to the database this often.",
        group="Cache",
        unit="s",
        low=0.1,
        high=10.0,
        step=0.1,
        applies={"pattern": ("write-behind",)},
    ),
}

LOAD = {
    "objects": Param(
        "Products",
        10_000,
        "Rows in the table that is asked for.",
        low=100,
        high=100_000,
        step=100,
    ),
    "alpha": Param(
        "Skew",
        0.9,
        "How uneven popularity is (Zipf's exponent). 0: all products alike. 1: the second is asked for half as often "
        "as the first, the third a third as often.",
        low=0.0,
        high=1.5,
        step=0.1,
    ),
    "offered_rps": Param(
        "Requests",
        400,
        "How many reads and writes arrive, at random moments, whether or not the last one was answered.",
        unit="/s",
        low=50,
        high=2_000,
        step=50,
    ),
    "read_fraction": Param(
        "Share of reads",
        1.0,
        "The rest are writes: each gives a product a new version. Popular products are written more often, too.",
        low=0.0,
        high=1.0,
        step=0.05,
    ),
    "db_cost": Param(
        "Query",
        "point",
        "What a miss asks the database for.",
        choices=(
            Choice("point", "One row", "The product by its key: about a tenth of a millisecond."),
            Choice(
                "aggregate",
                "Sums over all orders",
                "The product, and its share of all sales, added up over 200,000 orders: about ten milliseconds of "
                "processor time.",
            ),
        ),
    ),
    "clients": Param(
        "Connections",
        4,
        "Connections that the requests share. A request waits while all are busy. A stampede is never higher.",
        low=1,
        high=64,
        step=1,
    ),
    "duration_s": Param("Length", 20, "How long the run takes.", unit="s", low=2, high=120, step=1),
}

EVENT = {
    "event": Param(
        "Event",
        "none",
        "Something that goes wrong on the way.",
        group="Event",
        choices=(
            Choice("none", "Nothing happens", ""),
            Choice("flush", "The cache is emptied", "All entries are gone at once, as after a restart."),
            Choice(
                "redis-down",
                "Redis is killed",
                "The process is killed and comes back empty two seconds later. Only with the lab's own Redis.",
            ),
            Choice(
                "hot-key-expires",
                "The hottest copy ends",
                "The copy of the most popular product ends, and again one second after each time it was stored.",
            ),
        ),
    ),
    "event_at_s": Param(
        "Event after",
        10.0,
        "When it happens, in seconds from the start.",
        group="Event",
        unit="s",
        low=1.0,
        high=119.0,
        step=0.5,
        applies={"event": ("flush", "redis-down", "hot-key-expires")},
    ),
}

PARAMS = {**CACHE, **LOAD, **EVENT}
