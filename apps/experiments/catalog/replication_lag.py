"""How far behind are the copies of a database, who notices, and what is lost when the original dies?"""

from __future__ import annotations

from apps.experiments.base import Chart, Experiment, Figure, Line
from apps.experiments.params import Choice, Param
from apps.experiments.replicas.challenge import CHALLENGES
from apps.experiments.replicas.finding import finding
from apps.experiments.replicas.measure import run
from apps.experiments.replicas.questions import PRESETS
from apps.experiments.replicas.settings import conflicts

EVENTS = ("pause-replay", "cut-link", "primary-crash")

PARAMS = {
    "mode": Param(
        "Commit waits for",
        "async",
        "What has to happen before a write is acknowledged.",
        group="Replication",
        choices=(
            Choice("async", "No standby", "Asynchronous: the primary's own disk is enough."),
            Choice("remote-write", "Standby 1 has received it", "In the memory of standby 1, not yet on its disk."),
            Choice("sync", "Standby 1 has it on disk", "Synchronous: standby 1 may still not show it to readers."),
            Choice("remote-apply", "Every standby shows it", "A reader finds it on any standby."),
            Choice(
                "quorum",
                "A majority has it on disk",
                "A majority of all servers; the primary counts itself. Of 1, 2, 3 standbys 1, 1, 2 have to confirm.",
            ),
        ),
    ),
    "replicas": Param("Standbys", 2, "Copies that follow the primary.", group="Replication", low=1, high=3, step=1),
    "link_delay_ms": Param(
        "Delay of the link",
        50.0,
        "How long each byte travels between the primary and a standby, one way.",
        group="Links",
        unit="ms",
        low=0.0,
        high=500.0,
        step=5.0,
        several=True,
    ),
    "link_kbps": Param(
        "Bandwidth of the link",
        0.0,
        "How much it carries each way. 0 is no limit.",
        group="Links",
        unit="kbit/s",
        low=0.0,
        high=100_000.0,
        step=100.0,
        several=True,
    ),
    "apply_delay_ms": Param(
        "Apply delay",
        0.0,
        "Every standby shows a row so long after its commit at the earliest (recovery_min_apply_delay).",
        group="Replication",
        unit="ms",
        low=0.0,
        high=2_000.0,
        step=10.0,
    ),
    "write_rps": Param(
        "Writes",
        50,
        "Entries that ten people add, at random moments. Each is one row of 1,000 bytes and one commit.",
        unit="/s",
        low=1,
        high=500,
        step=10,
    ),
    "read_rps": Param(
        "Reads",
        100,
        "Looks at a page, at random moments, each twice, 20 ms apart. A page shows the newest entry of its reader "
        "and the newest of one other person.",
        unit="/s",
        low=0,
        high=1_000,
        step=10,
    ),
    "routing": Param(
        "Reads go to",
        "any-replica",
        "Which server answers a read.",
        group="Reads",
        choices=(
            Choice("primary", "The primary", "The standbys are kept for emergencies alone."),
            Choice("any-replica", "Any standby", "Drawn at random for each read."),
            Choice(
                "session-lsn",
                "One that has what I saw",
                "Each person's session keeps its position in the log. A standby that is as far answers; if none is "
                "within 5 ms, the primary.",
            ),
            Choice(
                "bounded-staleness",
                "One that is fresh enough",
                "A standby whose measured lag is small, or the primary.",
            ),
        ),
    ),
    "max_lag_ms": Param(
        "Fresh enough",
        100.0,
        "The most that a standby may be behind to answer a read.",
        group="Reads",
        unit="ms",
        low=0.0,
        high=5_000.0,
        step=10.0,
        applies={"routing": ("bounded-staleness",)},
    ),
    "duration_s": Param("Length", 15, "How long the run takes.", unit="s", low=2, high=120, step=1),
    "event": Param(
        "Event",
        "none",
        "Something that goes wrong on the way. Replay and links are back half way between the event and the end.",
        group="Event",
        choices=(
            Choice("none", "Nothing happens", ""),
            Choice("pause-replay", "Replay is paused", "The standbys still receive the log, but show nothing new."),
            Choice("cut-link", "A link is cut", "Nothing passes between the primary and standby 1; nobody is told."),
            Choice(
                "primary-crash",
                "The primary dies",
                "Killed, its network with it. The standby that has received most is promoted at once.",
            ),
        ),
    ),
    "event_at_s": Param(
        "Event after",
        5.0,
        "When it happens, in seconds from the start.",
        group="Event",
        unit="s",
        low=1.0,
        high=119.0,
        step=0.5,
        applies={"event": EVENTS},
    ),
}

BEHIND = "On the standby that is furthest behind."
VIEW = "As the primary itself shows it (pg_stat_replication); it includes the way back of the report."
FIGURES = {
    "write_lag_p50_ms": Figure("Lag until received", "ms", f"Median. {VIEW} {BEHIND}"),
    "flush_lag_p50_ms": Figure("Lag until on disk", "ms", f"Median. {VIEW} {BEHIND}"),
    "replay_lag_p50_ms": Figure("Lag until shown, server's view", "ms", f"Median. {VIEW} {BEHIND}"),
    "replay_lag_p99_ms": Figure("Lag until shown, server's view, slowest hundredth", "ms", f"{VIEW} {BEHIND}"),
    "replay_lag_max_ms": Figure("Longest lag, server's view", "ms", f"{VIEW} {BEHIND}"),
    "heartbeat_lag_p50_ms": Figure(
        "Lag until shown, by heartbeat", "ms", f"Median age of rows, sent 20 times a second, when they show. {BEHIND}"
    ),
    "heartbeat_lag_p99_ms": Figure(
        "Lag until shown, by heartbeat, slowest hundredth", "ms", f"99 of 100 heartbeats showed sooner. {BEHIND}"
    ),
    "heartbeat_lag_max_ms": Figure("Longest lag, by heartbeat", "ms", f"The heartbeat that took longest. {BEHIND}"),
    "lag_bytes_max": Figure(
        "Most log not replayed",
        "bytes",
        f"The most log that the primary had written and a standby did not show. {BEHIND}",
    ),
    "commit_p50_ms": Figure(
        "Median commit", "ms", "Half of the writes were acknowledged sooner, counted from the moment each was due."
    ),
    "commit_p99_ms": Figure(
        "Slowest hundredth of commits",
        "ms",
        "99 of 100 were acknowledged sooner, counted from when each was due.",
    ),
    "acked_per_s": Figure("Writes acknowledged", "/s", "Over the whole run."),
    "stale_read_fraction": Figure(
        "Stale reads", "%", "Share of the reads that missed a write which had been acknowledged before they began."
    ),
    "read_your_writes_violations": Figure(
        "Own write missing", "%", "Share of the reads that missed an acknowledged write of the reader's own."
    ),
    "monotonic_read_violations": Figure(
        "Going back in time", "%", "Share of the second looks that showed less than the first look, 20 ms before."
    ),
    "primary_read_fraction": Figure("Reads at the primary", "%", "Share of the reads that the primary answered."),
    "read_p50_ms": Figure("Median read", "ms", "Half of the reads were faster. Counted from when each was due."),
    "read_p99_ms": Figure("Slowest hundredth of reads", "ms", "99 of 100 were faster. Counted from when each was due."),
    "lost_acknowledged_writes": Figure(
        "Acknowledged and lost",
        "writes",
        "Acknowledged writes that the last primary lacks, counted one by one.",
    ),
    "unavailable_s": Figure(
        "No write acknowledged", "s", "The longest time from the event on in which no write was acknowledged."
    ),
}

CHARTS = (
    Chart(
        "How far behind",
        (Line("replay_lag_ms", "Server's view"), Line("heartbeat_lag_ms", "Heartbeat")),
        "ms",
        figures=("replay_lag_p50_ms", "replay_lag_max_ms", "heartbeat_lag_p50_ms", "heartbeat_lag_max_ms"),
    ),
    Chart(
        "Commit",
        (Line("commit_p50_ms", "Median"), Line("commit_p99_ms", "99 of 100 are faster")),
        "ms",
        figures=("commit_p50_ms", "commit_p99_ms"),
    ),
    Chart(
        "Stale reads",
        (Line("stale_read_fraction", "Share of the reads"),),
        "%",
        figures=("stale_read_fraction",),
        high=1.0,
    ),
    Chart(
        "Each second",
        (Line("acked_per_s", "Writes acknowledged"), Line("stale_reads_per_s", "Stale reads")),
        "/s",
        figures=("acked_per_s",),
    ),
    Chart("Log not replayed", (Line("lag_bytes", "Bytes"),), "bytes", figures=("lag_bytes_max",)),
)

experiment = Experiment(
    title="How late a copy is",
    question=__doc__,
    kind="measured",
    concepts=("replication", "replication-lag", "consistency", "failover"),
    params=PARAMS,
    figures=FIGURES,
    presets=PRESETS,
    charts=CHARTS,
    run=run,
    finding=finding,
    conflicts=conflicts,
    challenges=CHALLENGES,
    engines=("replicas",),
    topic="Data on many machines",
    caution="All servers share one machine; only the links between them have a delay. Readers stand beside the server "
    "that they ask, so a read crosses no link. The failover begins at the moment of the crash: a real one first has "
    "to notice it, which takes seconds.",
)
