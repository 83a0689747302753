"""What is worth asking about replicas when something is too narrow, stands still, is cut off or dies?"""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset

ACCIDENTS = {
    "narrow-link": Preset(
        "A narrow link",
        "100 entries of 1,000 bytes a second, over a link that carries 500 kilobits a second. How far behind is the "
        "standby after 15 seconds?",
        Prediction("heartbeat_lag_max_ms", "The slowest row shows after", 1.0, 15_000.0),
        {"replicas": 1, "link_delay_ms": 5.0, "link_kbps": 500.0, "write_rps": 100, "read_rps": 50},
        causes=(
            Cause(
                "Twice as much is written as fits through the link, so the lag grows by half a second each second",
                True,
                "Yes. 100,000 bytes a second are 800 kilobits, and the log says more than the row does: where it goes, "
                "the index, the commit. There is no steady lag; only a longer run has a longer one.",
            ),
            Cause(
                "Each entry takes 1,000 × 8 / 500 = 16 ms to cross",
                False,
                "It does, but the next one is due after 10 ms. The queue never ends.",
            ),
            Cause(
                "The standby replays too slowly",
                False,
                "What has arrived is shown at once. Compare the lags until received and until shown.",
            ),
        ),
    ),
    "paused": Preset(
        "Replay stands still",
        "For 5 seconds the standbys receive the log, but show nothing new: a long query may do that. How long does it "
        "take at worst until a row shows?",
        Prediction("heartbeat_lag_max_ms", "The slowest row shows after", 1.0, 15_000.0),
        {"link_delay_ms": 5.0, "event": "pause-replay", "event_at_s": 5.0},
        causes=(
            Cause(
                "The first row of the pause waits for all of it; then the log is replayed in no time",
                True,
                "Yes. The log was there already. Received and on disk stayed fast all the while: three lags, three "
                "promises.",
            ),
            Cause(
                "The pause, and as long again to catch up",
                False,
                "Replaying is much faster than writing was: five seconds of log take some ten milliseconds.",
            ),
            Cause(
                "The log had to be sent again",
                False,
                "It kept coming. Look at the lags until received and until on disk: nothing happened to them.",
            ),
        ),
    ),
    "sync-and-dead": Preset(
        "The copy that stops the shop",
        "A commit waits for standby 1. After 4 seconds its cable is pulled, for 6 seconds. How long does the primary "
        "acknowledge nothing?",
        Prediction("unavailable_s", "No write is acknowledged for", 0.0, 12.0),
        {"mode": "sync", "link_delay_ms": 5.0, "duration_s": 16, "event": "cut-link", "event_at_s": 4.0},
        causes=(
            Cause(
                "It waits for an answer that cannot come, as long as the cable is out",
                True,
                "Yes. The primary is healthy, and so is standby 2. But the commit was told to wait for standby 1. "
                "A quorum of several would have gone on.",
            ),
            Cause(
                "Standby 2 takes over after a timeout",
                False,
                "Only if it is named as a candidate, and only once the primary has given up on the first one. Here "
                "nobody is told that the cable is out.",
            ),
            Cause(
                "Writes go on; only standby 1 falls behind",
                False,
                "That is asynchronous replication. Try the same event without waiting for a standby.",
            ),
        ),
    ),
    "crash-far": Preset(
        "The primary dies",
        "200 writes a second, acknowledged without waiting for the standbys, which are 100 ms away. After 6 seconds "
        "the primary dies, and the standby that has most takes over. How many acknowledged writes are lost?",
        Prediction("lost_acknowledged_writes", "Acknowledged writes that are lost", 0.0, 500.0),
        {"link_delay_ms": 100.0, "write_rps": 200, "duration_s": 10, "event": "primary-crash", "event_at_s": 6.0},
        causes=(
            Cause(
                "What was on the way: 200 writes a second for 100 ms",
                True,
                "Yes: about 20. Their clients were told that they were safe. The list below names them.",
            ),
            Cause(
                "What came in while there was no primary",
                False,
                "Those writes waited and were written to the new primary. Nobody had acknowledged them.",
            ),
            Cause(
                "What the primary had not yet written to its disk",
                False,
                "It flushes before it acknowledges. But a disk in a dead machine helps nobody now.",
            ),
        ),
    ),
}
