"""Which questions about a cache that fails are worth a bet? It is emptied, it is gone, its hottest copy ends."""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset
from apps.experiments.params import Value

HOT: dict[str, Value] = {
    "objects": 1_000,
    "cache_fraction": 1.0,
    "alpha": 1.5,
    "db_cost": "aggregate",
    "offered_rps": 600,
    "clients": 64,
    "duration_s": 16,
    "event": "hot-key-expires",
    "event_at_s": 6.0,
}

PRESETS = {
    "flush-at-peak": Preset(
        "Flushed at the peak",
        "A cache that holds every product answers nearly all of 1,000 reads a second. After 15 seconds it is "
        "emptied. How many queries reach the database in the worst second?",
        Prediction("db_queries_peak_per_s", "Database queries in the worst second", 1.0, 2_000.0),
        {
            "objects": 2_000,
            "cache_fraction": 1.0,
            "offered_rps": 1_000,
            "duration_s": 30,
            "event": "flush",
            "event_at_s": 15.0,
        },
        causes=(
            Cause(
                "Each product costs one query, the first time that it is asked for again.",
                True,
                "Yes. In the first moment every read misses, where 2 to 5 in a hundred did before. Within the second "
                "1,000 reads ask for about 480 different products; the popular ones are soon back and spare the "
                "database the rest.",
            ),
            Cause(
                "Every read of that second misses.",
                False,
                "Only the first read of each product. For the very first moment it is true, and that moment is what "
                "breaks a database without reserve.",
            ),
            Cause(
                "The queries are spread over the time that the cache takes to fill.",
                False,
                "Most of them come first: what is asked for most is asked for at once.",
            ),
        ),
    ),
    "cache-away": Preset(
        "The cache is gone",
        "The cache answers nearly all of 600 reads a second. Then Redis is killed, and comes back empty two seconds "
        "later. How many queries does the database get in the worst second?",
        Prediction("db_queries_peak_per_s", "Database queries in the worst second", 1.0, 2_000.0),
        {
            "objects": 1_000,
            "cache_fraction": 1.0,
            "offered_rps": 600,
            "duration_s": 18,
            "event": "redis-down",
            "event_at_s": 10.0,
        },
        causes=(
            Cause(
                "Without a cache nothing is remembered: every read is a query, popular or not.",
                True,
                "Yes. A flush costs one query a product, an outage one a read. The database must carry all of it, or "
                "something must turn readers away.",
            ),
            Cause(
                "Reads fail while the cache is away.",
                False,
                "These readers go to the database instead; all were answered. That is a decision, and it can drown the "
                "database.",
            ),
            Cause(
                "Only the products that were not yet asked for again cost a query.",
                False,
                "That is the flush. Here nothing can be stored for two seconds, so the same product is fetched again "
                "and again.",
            ),
        ),
    ),
    "stampede": Preset(
        "The hottest copy ends",
        "The most popular product takes two fifths of 600 reads a second, and to compute it the database adds up all "
        "orders, which takes about ten milliseconds. Its copy ends. How many readers compute it again, each?",
        Prediction("recomputations", "Queries for the same product each time its copy ends", 1.0, 300.0),
        HOT,
        causes=(
            Cause(
                "Who comes before the first answer is stored asks too, and all those queries slow each other.",
                True,
                "Yes: 1 + λδ. Alone a query takes ten milliseconds, but the first of a crowd takes far longer, and "
                "meanwhile more come. A stampede feeds itself.",
            ),
            Cause(
                "One reader notices that the copy is gone and stores a new one.",
                False,
                "One is the first, but nobody else knows. Choose single flight to make them wait for it.",
            ),
            Cause(
                "All 64 connections ask, whatever the traffic.",
                False,
                "Connections are the most there could be. How many ask depends on how many come meanwhile: halve the "
                "requests and see.",
            ),
        ),
    ),
    "refresh-early": Preset(
        "A throw of the dice",
        "Twice the traffic, but each reader may refresh the copy shortly before it ends: a throw of the dice, the more "
        "likely the nearer the end. There is no lock. How many readers compute it again each time?",
        Prediction("recomputations", "Queries for the same product each time its copy ends", 1.0, 300.0),
        {**HOT, "stampede": "early-refresh", "offered_rps": 1_200},
        causes=(
            Cause(
                "The chance grows as the end comes near, so that the first one is alone for as long as a query takes.",
                True,
                "Yes. On average e^(1/β), 2.7 with β = 1, and a little more where queries slow each other. More "
                "traffic makes the first refresh come earlier, not more of them come together.",
            ),
            Cause(
                "Whoever throws first holds a lock until the new copy is stored.",
                False,
                "There is no lock: now and then two or three refresh together. That is the price of having none.",
            ),
            Cause(
                "The copy never ends, so nothing is ever computed again.",
                False,
                "It is computed again each second, just before its end.",
            ),
        ),
    ),
}
