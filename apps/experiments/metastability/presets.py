"""Which questions about systems that do not come back are worth a bet?"""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset, Sweep

AFTER = "Goodput after"

PRESETS = {
    "it-is-over": Preset(
        "It is over",
        "A server that does 1,000 requests a second serves 600. It stops for 5 s, and goes on as fast as before. "
        "Clients wait 1 s and try three times. How many requests a second are answered in time, 30 s later?",
        Prediction("goodput_after", AFTER, 0.0, 1_000.0),
        causes=(
            Cause(
                "Every request is asked three times, 1,800 a second, so the line is always older than the timeout",
                True,
                "The server is busy all the time, and every answer comes after its client has left. Each failure makes "
                "two more calls, which make the next failure: the retries keep alive what the stop began.",
            ),
            Cause(
                "The backlog of the stop is still being worked off",
                False,
                "3,000 requests piled up, and 400 a second would go: it would be gone after 7.5 s without retries.",
            ),
            Cause(
                "The server is slower than before",
                False,
                "It does 1,000 a second, as before. Look at the attempts: what changed is what it is asked.",
            ),
        ),
    ),
    "pauses": Preset(
        "Pauses and jitter",
        "The same stop. Now clients are polite: they wait 0.1 s, 0.2 s, up to 2 s, spread at random over all of it. "
        "How many requests a second are answered in time in the end?",
        Prediction("goodput_after", AFTER, 0.0, 1_000.0),
        {"backoff": "exponential", "jitter": "full"},
        causes=(
            Cause(
                "A pause moves a retry to later, where the retries of others already are; their number is the same",
                True,
                "600 requests a second with three attempts each are 1,800 a second, now or a second later. Pauses "
                "help when the trouble is short or clients go in step. Against a load that lasts only fewer help.",
            ),
            Cause(
                "The pauses were too short",
                False,
                "Try a minute: the last of three attempts comes a minute later, 600 times a second.",
            ),
            Cause(
                "Jitter put the retries on top of each other",
                False,
                "It spreads them evenly. An even 1,800 a second is still more than 1,000.",
            ),
        ),
    ),
    "how-often": Preset(
        "How often",
        "The server has a load of 300 requests a second and could do 1,000. It stops for 5 s. Draw what is answered in "
        "time in the end, for clients that try once, twice, up to five times.",
        Prediction("goodput_after", AFTER, 0.0, 1_000.0),
        {"offered_rps": 300.0, "duration_s": 120.0},
        sweep=Sweep("attempts", (1, 2, 3, 4, 5)),
        causes=(
            Cause(
                "Up to three attempts the worst load is under the capacity, from four on over it",
                True,
                "300 × 3 = 900 is less than 1,000: every line ends, if slowly. 300 × 4 = 1,200 is more: a line that "
                "is once older than the timeout stays so. There is nothing between.",
            ),
            Cause(
                "Each further attempt costs a little goodput",
                False,
                "None of it, as long as the line ends; then all of it. That is what makes it dangerous: nothing warns.",
            ),
            Cause(
                "More attempts succeed more often",
                False,
                "Each one alone would. Together they take the time that each would have needed.",
            ),
        ),
    ),
    "ten-per-cent": Preset(
        "Ten per cent",
        "600 requests a second, three attempts, the same stop. All clients together may now retry one call in ten. How "
        "many seconds after the stop is goodput back?",
        Prediction("recovered_after_s", "Back after", 0.0, 45.0),
        {"budget": 0.1},
        causes=(
            Cause(
                "At most 660 calls a second come, so the line goes by 340 a second",
                True,
                "Without retries 400 a second would go. The budget costs a little of that, and what it had saved up "
                "before the stop is spent at once.",
            ),
            Cause(
                "Nine of ten clients stop asking for ever",
                False,
                "Every new request is made. What is bounded are second and third attempts, and only in bad times.",
            ),
            Cause(
                "The server does more with fewer retries",
                False,
                "It does 1,000 a second either way. More of it is for somebody who still waits.",
            ),
        ),
    ),
    "newest-first": Preset(
        "The newest first",
        "Three attempts, no budget, the same stop. The server now takes the newest request instead of the oldest. How "
        "many seconds after the stop is goodput back?",
        Prediction("recovered_after_s", "Back after", 0.0, 45.0),
        {"order": "lifo"},
        causes=(
            Cause(
                "The newest is the one whose client surely still waits",
                True,
                "The old ones stay at the bottom and are done when there is time. Their clients left long ago, so "
                "nobody misses them. Dropping expired work does the same without the useless work.",
            ),
            Cause(
                "The line is shorter",
                False,
                "It is as long. The order alone decides whether an answer still finds its client.",
            ),
            Cause(
                "Fewer clients try again",
                False,
                "They do, but only because they are answered. The rules of the clients are the same.",
            ),
        ),
    ),
}
