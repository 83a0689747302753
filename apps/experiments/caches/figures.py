"""What does a caching run end with, and what is drawn while it goes on?"""

from __future__ import annotations

from apps.experiments.base import Chart, Figure, Line

FIGURES = {
    "hit_ratio": Figure(
        "Hit ratio", "%", "Share of the reads that the cache answered, once it had filled and before any event."
    ),
    "model_hit_ratio": Figure(
        "Hit ratio in the model", "%", "The same requests over the same time in the simulator, at an exact cache."
    ),
    "db_queries_per_s": Figure(
        "Database queries",
        "/s",
        "Statements sent to PostgreSQL over the same time as the hit ratio: loads, writes, batches.",
    ),
    "db_queries_peak_per_s": Figure(
        "Peak of database queries",
        "/s",
        "The most in any one second after the cache had filled, event included.",
    ),
    "identical_queries": Figure(
        "Identical queries at once", "", "The most queries for one product that were under way at the same moment."
    ),
    "recomputations": Figure(
        "Recomputations of the hottest copy",
        "",
        "Queries for the hottest product that overlapped when its copy ended. The mean of all its ends from the event "
        "on, or of all ends of its time to live.",
    ),
    "recovery_s": Figure(
        "Recovery", "s", "From the event to the first whole second within five points of the hit ratio before."
    ),
    "stale_read_fraction": Figure(
        "Stale reads",
        "%",
        "Share of the reads that got an older version than one that had been acknowledged before they began.",
    ),
    "lost_writes": Figure(
        "Lost writes", "", "Acknowledged writes that were in no store after the run, or after the crash of Redis.", 4
    ),
    "read_p50_ms": Figure(
        "Median read", "ms", "Half of the reads were faster. Counted from the moment a read was due."
    ),
    "read_p99_ms": Figure(
        "Slowest hundredth", "ms", "99 of 100 reads were faster. Counted from the moment a read was due."
    ),
    "write_p50_ms": Figure(
        "Median write", "ms", "Half of the writes were acknowledged faster. Counted from the moment a write was due."
    ),
    "write_p99_ms": Figure("Slowest hundredth of writes", "ms", "99 of 100 writes were acknowledged faster."),
    "load_ms": Figure(
        "Median load", "ms", "From asking the database for a read to having its answer in the cache, in half the cases."
    ),
    "cached_keys": Figure("Products in the cache", "", "Keys counted in the full Redis."),
    "offered_per_s": Figure("Requests offered", "/s", "Reads and writes that arrived."),
    "completed_per_s": Figure("Requests answered", "/s", "Reads and writes that got an answer before the run ended."),
}

CHARTS = (
    Chart(
        "Hit ratio",
        (
            Line("hit_ratio", "Reads answered by the cache"),
            Line("model_hit_ratio", "In the model", "model"),
            Line("stale_read_fraction", "Stale reads"),
        ),
        "%",
        figures=("hit_ratio", "stale_read_fraction"),
        high=1.0,
    ),
    Chart(
        "Database queries",
        (Line("db_queries_per_s", "Statements sent to PostgreSQL"),),
        "/s",
        figures=("db_queries_per_s", "db_queries_peak_per_s"),
    ),
    Chart(
        "Identical queries at once",
        (Line("identical_queries", "Most queries for one product"),),
        "",
        figures=("identical_queries", "recomputations"),
        shape="step",
    ),
    Chart(
        "Latency",
        (
            Line("read_p50_ms", "Median read"),
            Line("read_p99_ms", "99 of 100 reads are faster"),
            Line("write_p50_ms", "Median write"),
        ),
        "ms",
        figures=("read_p50_ms", "read_p99_ms", "write_p50_ms"),
    ),
)
