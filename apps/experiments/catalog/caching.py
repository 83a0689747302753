"""How much work does a small cache take off the database, and what happens when it is suddenly empty?"""

from __future__ import annotations

from apps.experiments.base import Chart, Choice, Experiment, Figure, Line, Param, Prediction, Preset
from apps.experiments.caches.finding import finding
from apps.experiments.caches.measure import run
from apps.experiments.caches.settings import conflicts

PARAMS = {
    "pattern": Param(
        "Pattern",
        "cache-aside",
        "How a read uses the cache.",
        group="Cache",
        choices=(
            Choice("none", "No cache", "Every read asks the database."),
            Choice(
                "cache-aside", "Cache-aside", "Look into the cache; on a miss ask the database and store the answer."
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
    ),
    "cache_fraction": Param(
        "Cache size",
        0.1,
        "Share of the products that fits into the cache. Set as a memory limit, checked by counting keys.",
        group="Cache",
        low=0.01,
        high=1.0,
        step=0.01,
    ),
    "ttl_s": Param(
        "Time to live",
        0.0,
        "An entry is dropped so many seconds after it was stored. 0 keeps it until it is evicted.",
        group="Cache",
        unit="s",
        low=0.0,
        high=60.0,
        step=0.5,
    ),
    "objects": Param(
        "Products",
        10_000,
        "Rows in the table that are read.",
        low=1_000,
        high=100_000,
        step=1_000,
    ),
    "alpha": Param(
        "Skew",
        0.9,
        "How uneven popularity is (Zipf's exponent). 0: all products alike. 1: the second is read half as often "
        "as the first, the third a third as often.",
        low=0.0,
        high=1.5,
        step=0.1,
    ),
    "reads_per_s": Param(
        "Reads",
        400,
        "How many reads arrive, at random moments, whether or not the last one was answered.",
        unit="/s",
        low=50,
        high=2_000,
        step=50,
    ),
    "clients": Param(
        "Connections",
        4,
        "Connections that the reads share. A read waits while all are busy.",
        low=1,
        high=16,
        step=1,
    ),
    "duration_s": Param("Length", 20, "How long the run takes.", unit="s", low=2, high=120, step=1),
    "event": Param(
        "Event",
        "none",
        "Something that goes wrong on the way.",
        group="Event",
        choices=(
            Choice("none", "Nothing happens", ""),
            Choice("flush", "The cache is emptied", "All entries are gone at once, as after a restart."),
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
    ),
}

FIGURES = {
    "hit_ratio": Figure(
        "Hit ratio", "%", "Share of the reads that the cache answered, once it had filled and before any event."
    ),
    "db_queries_per_s": Figure(
        "Database queries", "/s", "Queries sent to PostgreSQL over the same time as the hit ratio."
    ),
    "db_queries_peak_per_s": Figure(
        "Peak of database queries",
        "/s",
        "The most in any one second after the cache had filled, event included.",
    ),
    "recovery_s": Figure(
        "Recovery", "s", "From the flush to the first whole second within five points of the hit ratio before."
    ),
    "read_p50_ms": Figure(
        "Median read", "ms", "Half of the reads were faster. Counted from the moment a read was due."
    ),
    "read_p99_ms": Figure(
        "Slowest hundredth", "ms", "99 of 100 reads were faster. Counted from the moment a read was due."
    ),
    "cached_keys": Figure("Products in the cache", "", "Keys counted in the full Redis."),
    "offered_per_s": Figure("Reads offered", "/s", "Reads that arrived."),
    "completed_per_s": Figure("Reads answered", "/s", "Reads that got an answer before the run ended."),
}

PRESETS = {
    "small-cache": Preset(
        "A small cache",
        "One product in ten fits into the cache. What share of the reads does it answer?",
        Prediction("hit_ratio", "Hit ratio, once the cache has filled", 0.0, 1.0),
    ),
    "no-cache": Preset(
        "No cache at all",
        "The same reads without a cache: how long does the slowest hundredth take when every read asks PostgreSQL?",
        Prediction("read_p99_ms", "99 of 100 reads are faster than", 0.05, 1_000.0),
        {"pattern": "none"},
    ),
    "flush-at-peak": Preset(
        "Flushed at the peak",
        "A cache that holds every product answers nearly all of 1,000 reads a second. After 15 seconds it is "
        "emptied. How many queries reach the database in the worst second?",
        Prediction("db_queries_peak_per_s", "Database queries in the worst second", 1.0, 2_000.0),
        {
            "objects": 2_000,
            "cache_fraction": 1.0,
            "reads_per_s": 1_000,
            "duration_s": 30,
            "event": "flush",
            "event_at_s": 15.0,
        },
    ),
    "even-popularity": Preset(
        "Everything equally popular",
        "One product in ten fits, and now all are read equally often. What share of the reads does the cache answer?",
        Prediction("hit_ratio", "Hit ratio, once the cache has filled", 0.0, 1.0),
        {"alpha": 0.0},
    ),
    "short-ttl": Preset(
        "Two seconds to live",
        "Every product fits, but an entry lives only two seconds. What share of the reads does the cache answer?",
        Prediction("hit_ratio", "Hit ratio, once the cache has filled", 0.0, 1.0),
        {"cache_fraction": 1.0, "ttl_s": 2.0},
    ),
    "lru-or-random": Preset(
        "Evict anything",
        "One product in ten fits, and a full cache drops any entry instead of the least recently used. "
        "What is left of the hit ratio?",
        Prediction("hit_ratio", "Hit ratio, once the cache has filled", 0.0, 1.0),
        {"eviction": "allkeys-random", "duration_s": 30},
    ),
}

CHARTS = (
    Chart("Hit ratio", (Line("hit_ratio", "Reads answered by the cache"),), "%", figures=("hit_ratio",), high=1.0),
    Chart(
        "Database queries",
        (Line("db_queries_per_s", "Queries sent to PostgreSQL"),),
        "/s",
        figures=("db_queries_per_s", "db_queries_peak_per_s"),
    ),
    Chart(
        "Read latency",
        (Line("read_p50_ms", "Median"), Line("read_p99_ms", "99 of 100 are faster")),
        "ms",
        figures=("read_p50_ms", "read_p99_ms"),
    ),
)

experiment = Experiment(
    title="What a cache saves",
    question=__doc__,
    kind="measured",
    concepts=("caching", "cache-eviction", "hit-ratio"),
    params=PARAMS,
    figures=FIGURES,
    presets=PRESETS,
    charts=CHARTS,
    run=run,
    finding=finding,
    conflicts=conflicts,
    engines=("redis", "postgres"),
    caution="Cache, database and readers share one machine without a network between them. Across a network every "
    "read takes longer, and a hit saves less than it seems to here. What a product is worth does not change in a run: "
    "no product comes into fashion, so a cache that forgets nothing loses nothing.",
)
