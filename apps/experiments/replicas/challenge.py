"""Can a learner let people see what they wrote, and still leave the reads to the standbys?"""

from __future__ import annotations

from apps.experiments.challenge import Challenge, Goal

CHALLENGES = {
    "my-own-entry": Challenge(
        "My own entry",
        "Standbys 50 ms away answer the reads, and a quarter of the looks misses what the reader has just written. No "
        "look may. Half of the commits have to stay under 50 ms. The fewest reads at the primary win.",
        params={"link_delay_ms": 50.0, "duration_s": 3, "write_rps": 50, "read_rps": 100},
        free=("mode", "routing", "max_lag_ms", "replicas"),
        goals=(Goal("read_your_writes_violations", "<=", 0.0), Goal("commit_p50_ms", "<=", 50.0)),
        cost=lambda params, figures: figures["primary_read_fraction"] * 100,
        cost_unit="% of the reads at the primary",
        par=50,
        idea="Everybody waits for all standbys, or everybody reads at the primary: both are more than was asked for. "
        "Only the writer has to see the write. A session that keeps its position in the log asks a standby that is as "
        "far, and the primary only in the moments after its own writes.",
        naive={"mode": "remote-apply"},
        solution={"routing": "session-lsn"},
    ),
}
