"""Which questions about gateways are worth a bet?"""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset, Sweep

MEAN = "Mean time of a request"

PRESETS = {
    "chatty-client": Preset(
        "A chatty app",
        "A phone is 100 ms away from services that each need 5 ms. A screen needs several of them, and the app calls "
        "one after the other. Draw how long the screen takes as it needs more services.",
        Prediction("mean_ms", MEAN, 0.0, 3_000.0),
        {"mode": "direct"},
        sweep=Sweep("calls", (1.0, 2.0, 5.0, 10.0, 20.0)),
        causes=(
            Cause(
                "Every call goes the whole long way and back",
                True,
                "n · (R + s): of 2.1 s for 20 calls, 2 s are spent on the way. Faster services would change nothing.",
            ),
            Cause(
                "The services get slower with more calls",
                False,
                "Each takes 5 ms at any number. There are servers for all.",
            ),
            Cause(
                "Later calls wait until earlier ones have freed the network",
                False,
                "They wait because the app makes them one after the other. The network has room for all.",
            ),
        ),
    ),
    "ask-once": Preset(
        "Ask once, near by",
        "Ten services, one after the other, take a phone 1.06 s. Now it asks a gateway once, and that asks the ten "
        "services, 2 ms away from it, all at once. How long does the screen take?",
        Prediction("mean_ms", MEAN, 20.0, 2_000.0),
        {"mode": "aggregate-parallel", "calls": 10},
        causes=(
            Cause(
                "The long way is gone once, and the ten wait for the slowest of them only",
                True,
                "R + r + H_10 · s = 100 + 2 + 14.6 ms and some for the gateway. One after the other behind the gateway "
                "it would be 170 ms: the way was most of it.",
            ),
            Cause(
                "The gateway makes the services ten times as fast",
                False,
                "They are as fast as before. What is missing are nine long ways.",
            ),
            Cause(
                "The gateway keeps answers in a cache",
                False,
                "It keeps none here but tokens that were checked. Every service is called for every screen.",
            ),
        ),
    ),
    "limit-of-four": Preset(
        "A hundred a second, times four",
        "Four gateways share the work. Each counts for itself and lets 100 requests a second through, the limit that "
        "was promised to the services behind. 1,000 a second come. How many get through?",
        Prediction("admitted_rps", "Requests a second that get through", 50.0, 1_200.0),
        {"mode": "aggregate-parallel", "gateways": 4, "limit_rps": 100.0, "limit_store": "local",
         "offered_rps": 1_000.0},
        causes=(
            Cause(
                "Nobody counts them all: each gateway knows only its own",
                True,
                "k · L = 400. One store for all keeps the limit at 100, for a way to it with each request; or give "
                "each gateway a quarter, as long as the work is spread evenly.",
            ),
            Cause(
                "Gateways refuse what is above the limit, so 100 get through",
                False,
                "Each of them does refuse. But each begins to count at zero.",
            ),
            Cause(
                "The load is spread, so no gateway ever sees its limit",
                False,
                "Each sees 250 a second, and refuses 150 of them.",
            ),
        ),
    ),
    "full-gateway": Preset(
        "Idle services, slow screens",
        "One gateway with 16 threads, 150 requests a second. Each calls five services of 20 ms, one after the other, "
        "and holds its thread meanwhile. The services have all the servers they want. How long does a request take on "
        "average within the first minute?",
        Prediction("mean_ms", MEAN, 100.0, 60_000.0),
        {"mode": "aggregate-serial", "gateways": 1, "threads": 16, "service_ms": 20.0, "offered_rps": 150.0},
        causes=(
            Cause(
                "The threads are all held by requests that wait for services",
                True,
                "Little: 150 a second that each hold a thread for 112 ms need 17. With 16 the line grows without end. "
                "Asked all at once, the services would keep a thread for 50 ms, and 8 would do.",
            ),
            Cause(
                "The services are overloaded",
                False,
                "They answer in 20 ms as ever. Nothing waits behind the gateway, everything before it.",
            ),
            Cause(
                "The gateway's own work is too much",
                False,
                "It works for 1 ms on a request: a hundredth of the time for which it holds a thread.",
            ),
        ),
    ),
}  # fmt: skip
