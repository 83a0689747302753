"""Which questions about quorums are worth a bet?"""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset, Sweep

STALE = "Share of stale reads"

PRESETS = {
    "one-of-three": Preset(
        "One of three",
        "Three copies. A write is done as soon as one of them has it, and goes on to the others, which takes 10 ms on "
        "average. A read takes the first answer. What share of the reads that begin right after a write miss it?",
        Prediction("stale_fraction", STALE, 0.0, 1.0),
        causes=(
            Cause(
                "At that moment about one copy has the write, and each of the three may answer first",
                True,
                "If acknowledgements and reads took no time, exactly two of three copies would be behind: 67 %. They "
                "take a millisecond or two, which lets a few more copies have it: 58 %.",
            ),
            Cause(
                "Writes get lost on their way to the other copies",
                False,
                "None is lost. Every copy gets every write, only later than the client learns that it is done.",
            ),
            Cause(
                "Reads and writes of other clients get in the way",
                False,
                "Each object is written once in minutes here. Staleness needs no conflict, only a delay.",
            ),
        ),
    ),
    "how-soon": Preset(
        "How soon is eventually?",
        "Three copies, R = W = 1, writes take 10 ms on average to reach a copy. Draw the share of stale reads against "
        "how long after the write they come.",
        Prediction("stale_fraction", STALE, 0.0, 1.0),
        sweep=Sweep("read_after_ms", (0.0, 5.0, 10.0, 20.0, 30.0, 50.0)),
        causes=(
            Cause(
                "The one copy that is asked still lacks the write, and that chance falls exponentially",
                True,
                "By e^(−t/m) with m = 10 ms: a tenth of the start after 23 ms, a hundredth after 46 ms. “Eventually” "
                "has a number.",
            ),
            Cause(
                "After 10 ms all copies have the write",
                False,
                "10 ms is the mean. After it, more than a third of the messages are still on their way.",
            ),
            Cause(
                "Copies are brought up to date at fixed intervals",
                False,
                "Every write is sent at once. What differs is how long each message takes.",
            ),
        ),
    ),
    "read-two-or-write-two": Preset(
        "Read two or write two?",
        "R + W = 3 either way, and not more than N = 3. With W = 2 and R = 1, 10.5 % of the reads 10 ms after a write "
        "are stale. Now W = 1 and R = 2. What share?",
        Prediction("stale_fraction", STALE, 0.0, 0.3),
        {"r": 2, "read_after_ms": 10.0},
        causes=(
            Cause(
                "Both copies asked must still lack the write, and each loses its lack in time",
                True,
                "Right after the write the two choices are alike: one in three. From then on one falls with e^(−t/m), "
                "the other with e^(−2t/m), because two messages must both be late.",
            ),
            Cause(
                "R and W are interchangeable: only their sum counts",
                False,
                "The sum decides whether sets must meet. How staleness fades with time depends on R alone.",
            ),
            Cause(
                "A read of two copies repairs the older one",
                False,
                "Read repair is off here; and it would help the next read, not this one.",
            ),
        ),
    ),
    "both-sides-go-on": Preset(
        "Both sides go on",
        "R = W = 1 of three. For 30 seconds one copy is cut off, with half of the clients. Everybody can go on, and "
        "reads come 100 ms after writes. What share of the reads is stale while the cut lasts?",
        Prediction("stale_during", "Stale reads while cut", 0.0, 1.0),
        {"read_after_ms": 100.0, "partition": "minority", "side": "both", "partition_at_s": 15.0, "partition_s": 30.0},
        causes=(
            Cause(
                "Half of the reads happen on the other side than the write, which cannot have arrived there",
                True,
                "Available on both sides and never stale is what nobody can have: that is the CAP theorem. Ask for "
                "R = W = 2, and nothing is stale, but the cut-off half of the clients gets no answers.",
            ),
            Cause(
                "The cut-off side holds one copy of three, so a third of the reads is stale",
                False,
                "Copies do not count here, but clients: half of the writes and half of the reads are on each side.",
            ),
            Cause(
                "After 100 ms all writes have arrived, cut or not",
                False,
                "What has to cross the cut is lost. On one's own side they have arrived, and those reads are fresh.",
            ),
        ),
    ),
    "read-repair": Preset(
        "Read repair",
        "A coordinator sends each write to one of three copies only. Two thirds of the reads are stale, and an answer "
        "is two versions behind on average. Now each read brings the copies that it finds behind up to date. What "
        "share of the reads is stale?",
        Prediction("stale_fraction", STALE, 0.0, 1.0),
        {
            "send_to": "quorum",
            "repair": "yes",
            "objects": 1_000,
            "rate": 1_000.0,
            "write_delay_ms": 1.0,
            "ack_ms": 0.1,
            "read_ms": 0.1,
            "duration_s": 120.0,
        },
        causes=(
            Cause(
                "A read repairs what is already written; the next write goes to one copy again",
                True,
                "The share stays at two thirds. But nobody is more than one version behind any more: repair bounds how "
                "old an answer is, not how often it is old.",
            ),
            Cause(
                "Repair messages are lost",
                False,
                "They all arrive: look at the versions behind, two without repair and two thirds with it.",
            ),
            Cause(
                "Repairs wait until the copies are idle",
                False,
                "They are sent at once. They come too late for the read that found out, and too early for the next "
                "write.",
            ),
        ),
    ),
    "price-of-all": Preset(
        "The price of all",
        "Five copies with log-normal delays, as real ones have. Draw the slowest hundredth of the writes against W: "
        "how many copies a write waits for.",
        Prediction("write_p99_ms", "99 of 100 writes take less", 1.0, 1_000.0),
        {"n": 5, "delay": "lognormal"},
        sweep=Sweep("w", (1.0, 2.0, 3.0, 4.0, 5.0)),
        causes=(
            Cause(
                "Waiting for all means waiting for the slowest of five; a majority leaves two stragglers out",
                True,
                "One late message of five is five times as likely as of one; three late ones at once are rare. A "
                "majority is quicker at the tail than a single copy would be.",
            ),
            Cause(
                "Each further copy adds its own delay to the write",
                False,
                "They work at the same time. The write takes as long as the W-th quickest, not as their sum.",
            ),
            Cause(
                "Copies slow down when more of them are written",
                False,
                "All five get every write in any case. W says only for how many the client waits.",
            ),
        ),
    ),
}
