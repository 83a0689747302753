"""Which questions about fan-out and hedging are worth a bet?"""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset, Sweep

SLOW = "Share of slow pages"

PRESETS = {
    "median-page": Preset(
        "The usual page",
        "A page asks 100 leaves at once and waits for all of them. 99 of 100 answers take 10 ms, one takes a second. "
        "How long does the page in the middle take: half of them are faster, half slower?",
        Prediction("p50_ms", "Half of the pages take less than", 5.0, 5_000.0),
        causes=(
            Cause(
                "With 100 leaves it is usual that one of them is slow",
                True,
                "No leaf is slow in 0.99^100 = 37 of 100 pages only. In the other 63 at least one is, and the page "
                "waits for it: the slowest hundredth of a leaf is the middle of the page.",
            ),
            Cause(
                "The 100 calls wait for each other",
                False,
                "They go out at once and there are servers for all. Each takes as long as if it were alone.",
            ),
            Cause(
                "A page takes the mean of its leaves",
                False,
                "The mean of a leaf is 20 ms. A page takes the largest of 100, not their mean.",
            ),
        ),
    ),
    "more-leaves": Preset(
        "One more leaf, and one more",
        "One call in a hundred is slow. Draw which share of the pages is slow as a page asks more leaves.",
        Prediction("slow_pages", SLOW, 0.0, 1.0),
        sweep=Sweep("fan_out", (1.0, 5.0, 20.0, 50.0, 100.0, 200.0)),
        causes=(
            Cause(
                "Each leaf is one more chance to be slow, and chances of being fast multiply",
                True,
                "1 − 0.99^n: it rises by one per cent a leaf at first, reaches two thirds at 100 and bends towards 1.",
            ),
            Cause(
                "One per cent is added with each leaf",
                False,
                "That holds for the first few. With 100 leaves it would be every page, and a third of them is fast.",
            ),
            Cause(
                "Leaves get slower when more of them are asked",
                False,
                "One call in a hundred is slow at every fan-out. Only the number of calls a page grows.",
            ),
        ),
    ),
    "second-call": Preset(
        "Ask once more",
        "The same 100 leaves: 63 of 100 pages are slow. Whoever has no answer after 20 ms now asks another machine, "
        "and takes what comes first. This makes one call in a hundred more. Which share of the pages is slow?",
        Prediction("slow_pages", SLOW, 0.0, 1.0),
        {"hedge_after_ms": 20.0},
        causes=(
            Cause(
                "Both calls have to be slow, and they are independent",
                True,
                "0.01 · 0.01: one leaf in ten thousand. With 100 of them one page in a hundred is left. All of it "
                "hangs on independence: if both machines clean up at the same moment, nothing is won.",
            ),
            Cause(
                "One per cent more calls is one per cent fewer slow pages",
                False,
                "The calls that are added are not spread evenly: every one of them goes where an answer is late.",
            ),
            Cause(
                "The second call takes load off the first machine",
                False,
                "The first call is not stopped. The machine works on it to the end, for nobody.",
            ),
        ),
    ),
    "hedge-under-load": Preset(
        "The same trick on busy machines",
        "Ten leaves a page, on machines that are busy 80 % of the time. Without second calls 99 of 100 pages take "
        "less than 360 ms. A second call now goes out after 30 ms, which only one in twenty answers takes when "
        "nothing waits. And now?",
        Prediction("p99_ms", "99 of 100 pages take less than", 20.0, 1_000_000.0),
        {"law": "exponential", "fan_out": 10, "utilisation": 0.8, "hedge_after_ms": 30.0},
        causes=(
            Cause(
                "Calls are late because they wait in line, and each second call makes the lines longer",
                True,
                "At 80 % a call takes 50 ms on average, so more than half are asked a second time. That is more work "
                "than the machines can do, so more are late, and so on.",
            ),
            Cause(
                "The second machine is as slow as the first",
                False,
                "The machines are all alike, with and without load. What is long is the line before them.",
            ),
            Cause(
                "Second calls are not independent of the first",
                False,
                "They meet another machine with a line of its own. But that line is made of second calls.",
            ),
        ),
    ),
}
