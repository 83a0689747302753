"""Which questions about retries are worth a bet?"""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset, Sweep

PRESETS = {
    "half-fail": Preset(
        "Half of them fail",
        "Every second call fails, each on its own. Clients try three times at most. How many calls does the server get "
        "for each request?",
        Prediction("amplification", "Calls a request", 1.0, 3.0),
        causes=(
            Cause(
                "Half need a second call, and half of those a third",
                True,
                "1 + ½ + ¼ = 1.75, in general (1 − fⁿ)/(1 − f). One request in eight fails all three times.",
            ),
            Cause(
                "Each request that fails makes three calls",
                False,
                "Most stop at the second, which succeeds as often as the first one.",
            ),
            Cause(
                "Pauses keep calls away from the server",
                False,
                "They come later, and all of them come. Try it without a backoff.",
            ),
        ),
    ),
    "three-layers": Preset(
        "Three layers",
        "A browser calls a gateway, that calls a service, that calls a database: each tries three times. The database "
        "fails all calls. How many of them does it get for one click?",
        Prediction("amplification", "Calls a request", 1.0, 100.0),
        {"failure_share": 1.0, "depth": 3, "backoff": "none", "duration_s": 40.0},
        causes=(
            Cause(
                "Each attempt of a layer makes three of the layer below",
                True,
                "3 × 3 × 3 = 27. With five layers it would be 243. So let one layer try again, the one that knows "
                "best, and have the others pass the error on.",
            ),
            Cause("Three layers add three attempts each", False, "That is 9. They multiply instead of adding."),
            Cause(
                "The database answers errors faster, so more calls come",
                False,
                "How fast it fails changes when they come, not how many a click makes.",
            ),
        ),
    ),
    "in-step": Preset(
        "In step",
        "100 clients change the same row: who read an old version loses, waits 10 ms, 20 ms, 40 ms, up to 2 s, and "
        "reads again. How long until all have written? Each needs 40 ms when alone.",
        Prediction("completion_ms", "All done after", 100.0, 1_000_000.0),
        {"trigger": "contention", "base_ms": 5.0, "jitter": "none"},
        causes=(
            Cause(
                "Those who lose together wait equally long, and lose together again",
                True,
                "Of each wave that reads the same version one wins. After eight losses a wave comes every 2 s: 63 s "
                "for 100 clients. Without any pause they are done in 2 s, with a third more calls.",
            ),
            Cause(
                "The pauses are too short for so many",
                False,
                "They are too equal. Longer ones make it slower: with jitter over the same pauses it takes 5 s.",
            ),
            Cause(
                "The row can be changed only so often",
                False,
                "It could be changed at any moment. Most of the time nobody is there.",
            ),
        ),
    ),
    "how-jitter-helps": Preset(
        "Spread out",
        "The same contest, with each pause drawn at random between nothing and its plan. Draw how many calls are made "
        "until all have written, for more and more clients.",
        Prediction("calls", "Calls", 0.0, 10_000.0),
        {"trigger": "contention", "base_ms": 5.0, "jitter": "full"},
        sweep=Sweep("clients", (10, 50, 100, 190)),
        causes=(
            Cause(
                "Pauses grow with each loss until so few come at once that they no longer meet",
                True,
                "A client needs 6.6 calls among 50, and 9.3 among 190: the work grows nearly in line. Without a pause "
                "each loses to nearly all others, so it grows with the square: 8,000 calls for 190.",
            ),
            Cause(
                "With jitter nobody loses",
                False,
                "Each loses five to eight times first. But these losses make room, as nobody comes back in a group.",
            ),
            Cause("Jitter makes the ways shorter", False, "A way takes 10 ms in every policy."),
        ),
    ),
    "all-come-back": Preset(
        "All come back",
        "A gateway restarts, and 500 clients come back at one moment. It does 200 a second and has room for 20. "
        "Refused ones wait 0.1 s, 0.2 s, up to 2 s. When are all served?",
        Prediction("completion_ms", "All done after", 500.0, 200_000.0),
        {"trigger": "reconnect", "clients": 500, "capacity_rps": 200.0, "jitter": "none"},
        causes=(
            Cause(
                "All wait equally long: each wave fills the 20 places, and then nobody comes for 2 s",
                True,
                "25 waves of 20, most of them 2 s apart: 42 s, though 2.5 s of work are there. With jitter the "
                "same clients are done in 3 s.",
            ),
            Cause(
                "The gateway is too small",
                False,
                "It could serve all in 2.5 s. It rests for more than nine tenths of the time.",
            ),
            Cause(
                "The pauses begin too short",
                False,
                "That costs a few calls in the first second. The time goes by in the long pauses.",
            ),
        ),
    ),
}
