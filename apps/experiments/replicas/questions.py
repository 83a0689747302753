"""What is worth asking about replicas? The presets of the replication lab, each with a bet and its cause."""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset, Sweep
from apps.experiments.replicas.accidents import ACCIDENTS

STALE = Prediction("stale_read_fraction", "Share of the reads that are stale", 0.0, 1.0)
COMMIT = Prediction("commit_p50_ms", "Half of the commits are faster than", 0.1, 2_000.0)

PRESETS = {
    "half-a-tenth": Preset(
        "Two standbys, 50 ms away",
        "Ten people add 50 entries a second. Reads go to one of two standbys, 50 ms away. A page shows the newest "
        "entries of two people. What share of the reads misses an entry that was already acknowledged?",
        STALE,
        causes=(
            Cause(
                "An entry is missing for 50 ms, and two people make one every 100 ms",
                True,
                "Yes. Ten writes a second concern a page, and each hides for 50 ms: 1 − e^(−10 × 0.05) = 39 %. Lag "
                "times rate is what counts, not the lag alone.",
            ),
            Cause(
                "Two standbys disagree with each other",
                False,
                "They are equally far, so they miss the same entries. One standby would give the same share.",
            ),
            Cause(
                "The standbys cannot keep up with 50 writes a second",
                False,
                "They replay an entry in less than a millisecond. The lag does not grow: look at the first chart.",
            ),
        ),
    ),
    "stale-by-distance": Preset(
        "The further, the staler",
        "The same readers and writers, with standbys nearer and further away. How does the share of stale reads go up "
        "with the delay of the link?",
        STALE,
        {"duration_s": 8, "read_rps": 200},
        sweep=Sweep("link_delay_ms", (0, 20, 50, 100, 200, 400)),
        causes=(
            Cause(
                "It rises with lag × rate, and bends where most pages already miss something",
                True,
                "Yes: 1 − e^(−λ·lag). A page that misses two entries is not staler in this count than one that "
                "misses one.",
            ),
            Cause(
                "It is a straight line: twice the delay, twice the stale reads",
                False,
                "At first, yes. But a share cannot pass 100 %, and at 200 ms most pages miss something already.",
            ),
            Cause(
                "It jumps once the delay is longer than the time between two reads",
                False,
                "How often somebody reads does not make the data older. The rate of the writes does.",
            ),
        ),
    ),
    "wait-for-one": Preset(
        "Wait for a copy",
        "Now a commit waits until standby 1, 50 ms away, has it on disk. How long does the median commit take?",
        COMMIT,
        {"mode": "sync"},
        causes=(
            Cause(
                "The log travels 50 ms there, and the answer 50 ms back",
                True,
                "Yes: a round trip, on top of the local commit. The delay has not gone; it has moved from the reader "
                "into the commit.",
            ),
            Cause(
                "The log travels 50 ms to the standby",
                False,
                "The primary does not know that it arrived before the answer is back.",
            ),
            Cause(
                "The disk of the standby is slow",
                False,
                "Its flush takes a fraction of a millisecond. Compare the lags until received and until on disk.",
            ),
            Cause(
                "Commits queue behind each other",
                False,
                "Many commits wait at once, each on a connection of its own, and one answer releases all before it.",
            ),
        ),
    ),
    "commit-by-distance": Preset(
        "What distance costs a commit",
        "Commits wait for standby 1. Move it from the same machine to another continent. How does the median commit "
        "grow with the one-way delay?",
        COMMIT,
        {"mode": "sync", "replicas": 1, "duration_s": 6, "read_rps": 0},
        sweep=Sweep("link_delay_ms", (0, 10, 25, 50, 100, 200)),
        causes=(
            Cause(
                "Two milliseconds for each millisecond of one-way delay",
                True,
                "Yes: a straight line of slope two, from the local commit on. No faster server changes the slope.",
            ),
            Cause("One for one", False, "That is the way there. The answer has to come back."),
            Cause(
                "It grows faster and faster, as commits get in each other's way",
                False,
                "They do not, while there are connections enough. With too few of them, writes would queue for one.",
            ),
        ),
    ),
    "shown-everywhere": Preset(
        "Nothing stale, at a price",
        "The standbys are 20 ms away and show a row 200 ms after its commit at the earliest. A commit waits until "
        "every standby shows it. How long does the median commit take?",
        COMMIT,
        {"mode": "remote-apply", "link_delay_ms": 20.0, "apply_delay_ms": 200.0, "write_rps": 30},
        causes=(
            Cause(
                "200 ms until the row shows, during which the log travels, and 20 ms for the answer",
                True,
                "Yes. The apply delay runs from the commit on, so the way there is part of it; the way back is not. "
                "And no read is stale: nobody was told before everybody could see it.",
            ),
            Cause(
                "20 ms there, 200 ms of waiting, 20 ms back",
                False,
                "The delay counts from the time stamp of the commit on the primary, not from the arrival.",
            ),
            Cause(
                "Two standbys, one after the other",
                False,
                "They apply at the same time. The slowest counts, not the sum.",
            ),
        ),
    ),
    "two-of-three": Preset(
        "Majority of four",
        "A primary and three standbys, 10, 50 and 200 ms away. A commit waits for a majority of the servers. How long "
        "does the median commit take?",
        COMMIT,
        {"mode": "quorum", "replicas": 3, "link_delay_ms": "10 50 200"},
        causes=(
            Cause(
                "The second fastest standby makes the majority: a round trip of 50 ms each way",
                True,
                "Yes. Three of four servers, the primary counts itself. The far standby costs nothing, and the near "
                "one alone is not enough.",
            ),
            Cause(
                "The slowest standby sets the pace",
                False,
                "It would if all had to confirm. A quorum leaves the slowest behind: that is what it is for.",
            ),
            Cause("The nearest standby is enough", False, "Two of four servers are half, not a majority."),
        ),
    ),
    "my-own-entry": Preset(
        "My own entry is gone",
        "Somebody adds an entry and looks at the page, which a standby 100 ms away answers. How often is an own, "
        "acknowledged entry missing?",
        Prediction("read_your_writes_violations", "Share of the reads that miss an own entry", 0.0, 1.0),
        {"link_delay_ms": 100.0},
        causes=(
            Cause(
                "Each person writes five entries a second, and each is missing for 100 ms",
                True,
                "Yes: 1 − e^(−5 × 0.1) = 39 %. It is the same law as for all stale reads, at the rate of one's own "
                "writes.",
            ),
            Cause(
                "Half the reads go to the other standby",
                False,
                "Both are 100 ms behind. It does not matter which one answers.",
            ),
            Cause(
                "The write was not committed yet",
                False,
                "Only acknowledged entries count here. The primary has them all.",
            ),
        ),
    ),
    "ask-who-knows": Preset(
        "Ask one that knows",
        "The same, but each session remembers its position in the log and asks a standby only if that is as far. What "
        "share of the reads ends up at the primary?",
        Prediction("primary_read_fraction", "Share of the reads that the primary answers", 0.0, 1.0),
        {"link_delay_ms": 100.0, "routing": "session-lsn"},
        causes=(
            Cause(
                "A session that wrote or saw something new in the last 100 ms has to go to the primary",
                True,
                "Yes, and what it sees there is newer still, so that its second look goes there too. All others are "
                "answered by a standby. No own entry is ever missing.",
            ),
            Cause(
                "Every read has to, for the standbys are always behind",
                False,
                "Behind the primary, but not behind what this session knows. That is all it asks for.",
            ),
            Cause(
                "None: the read waits until the standby has caught up",
                False,
                "It waits 5 ms at most here. Waiting 100 ms would be slower than asking the primary.",
            ),
        ),
    ),
    "back-in-time": Preset(
        "Back in time",
        "One standby is beside the primary, the other 100 ms away. Somebody looks at a page twice, 20 ms apart, each "
        "time at a random standby. How often does the second look show less than the first?",
        Prediction("monotonic_read_violations", "Share of the second looks that show less", 0.0, 1.0),
        {"link_delay_ms": "0 100", "write_rps": 100, "read_rps": 200},
        causes=(
            Cause(
                "One pair in four goes from the near to the far one, and the page changed in the 80 ms between",
                True,
                "Yes: ¼ (1 − e^(−20 × 0.08)) = 20 %. The far one alone would be late, but never go back.",
            ),
            Cause(
                "The far standby loses entries",
                False,
                "It has them all, 100 ms later. Reading from it alone would be stale, but in order.",
            ),
            Cause(
                "Every second look is at another standby",
                False,
                "Half of them are; and half of those go from the far to the near one, which is a step forward.",
            ),
        ),
    ),
    **ACCIDENTS,
}
