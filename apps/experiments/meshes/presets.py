"""Which questions about services that call each other are worth a bet?"""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset, Sweep

ANSWERED = "Share of requests answered"

PRESETS = {
    "thirty-services": Preset(
        "Thirty services, three nines each",
        "A request passes through 30 services. Each of them answers 999 of 1,000 calls. Draw which share of the "
        "requests is answered as the chain gets longer.",
        Prediction("availability", ANSWERED, 0.9, 1.0),
        {"rps": 200.0, "duration_s": 120.0},
        sweep=Sweep("services", (1.0, 5.0, 10.0, 20.0, 30.0)),
        causes=(
            Cause(
                "All of them have to work, so their availabilities multiply",
                True,
                "0.999^30 = 0.970: three nines each make one and a half in all, 21 hours a month of errors.",
            ),
            Cause(
                "A chain is as available as its weakest service",
                False,
                "All are equally strong at 99.9 %, and the chain is worse than any. Each link adds its own failures.",
            ),
            Cause(
                "Long chains run into the timeout",
                False,
                "30 services take 0.3 s on average, and callers wait for a second. Only errors are counted here.",
            ),
        ),
    ),
    "tries-of-tries": Preset(
        "Three tries, five levels deep",
        "Five services in a chain. The last one is down: it answers each call with an error. Every caller tries three "
        "times, the client too. How many calls does the last service get for one request?",
        Prediction("amplification", "Calls a request at the last service", 1.0, 1_000.0),
        {"services": 5, "attempts": 3, "event": "failing-service", "availability": 1.0, "timeout_ms": 0.0,
         "client_timeout_ms": 0.0, "service_ms": 1.0, "rps": 20.0,
         "duration_s": 30.0},
        causes=(
            Cause(
                "Each level multiplies the tries of the level above it",
                True,
                "3 · 3 · 3 · 3 · 3 = 243. Whoever is down is called 243 times as often as when it was well. Try "
                "again at one level only, or keep to a budget.",
            ),
            Cause(
                "Five callers try three times each: 15",
                False,
                "They do not share their tries: each of the three tries of the first makes three of the second.",
            ),
            Cause(
                "Errors come back faster than answers, so clients ask more often",
                False,
                "Just as many requests come as before. What grows is what each of them sets off.",
            ),
        ),
    ),
    "time-left": Preset(
        "Work for nobody",
        "Five services in a chain. The first one gets slow: 2 s on average, sometimes much less or more. Clients wait "
        "for a second and go. Nobody tells the services. Which share of all calls served is then in no answer?",
        Prediction("wasted_share", "Share of the calls that are in no answer", 0.0, 1.0),
        {"event": "slow-service", "event_in": "first", "slow_factor": 200.0, "client_timeout_ms": 1_000.0,
         "availability": 1.0},
        causes=(
            Cause(
                "When the first is done it calls the four others, whoever still waits",
                True,
                "Six in ten clients have gone by then, and the whole chain works for them. Told how much time is "
                "left, the first one stops there, and the others have less to do: try deadlines.",
            ),
            Cause(
                "Only the call that was too slow is lost, one in five",
                False,
                "It is the only slow one, but the four calls that follow it are made too, for a client who has gone.",
            ),
            Cause(
                "The other services get slow as well",
                False,
                "They take 10 ms each, as before. They are just asked in vain.",
            ),
        ),
    ),
    "one-slow-dependency": Preset(
        "One of five gets slow",
        "A page asks five services at once, with 80 threads of which it needs a dozen. The fifth is a luxury: the page "
        "is sent without it if it fails. It now takes 5 s instead of 50 ms; the page waits for 1 s, clients for 2 s. "
        "Which share of the requests is answered?",
        Prediction("availability", ANSWERED, 0.0, 1.0),
        {"shape": "fan-out", "services": 5, "service_ms": 50.0, "threads": 80, "last": "optional",
         "event": "slow-service", "slow_factor": 100.0, "availability": 1.0},
        causes=(
            Cause(
                "Every thread waits for the luxury, and none is left for anything else",
                True,
                "Little: 100 requests a second that hold a thread for nearly a second need some 90 threads. With 80 "
                "the line grows until its clients have gone. A bulkhead, at most 5 calls of it at once, frees them.",
            ),
            Cause(
                "The four others fail as well",
                False,
                "They are as fast as before, and have less to do than before.",
            ),
            Cause(
                "The page cannot be made without the fifth",
                False,
                "It can, after a second of waiting. What it lacks is a thread to be made with.",
            ),
        ),
    ),
    "at-once": Preset(
        "Ten at once",
        "One service takes 10 ms on average, sometimes less, sometimes more. A page asks ten of them at once and needs "
        "all answers. How long does it take on average?",
        Prediction("mean_ms", "Mean time of a page", 5.0, 200.0),
        {"shape": "fan-out", "services": 10, "availability": 1.0},
        causes=(
            Cause(
                "It waits for the slowest of ten, which takes about three times the mean",
                True,
                "1 + 1/2 + … + 1/10 = 2.93 times 10 ms. One after the other they would take 100 ms.",
            ),
            Cause(
                "At once means as fast as one",
                False,
                "Only if all took the same time. The more there are, the longer the slowest of them.",
            ),
            Cause(
                "Ten calls at once make each of them slower",
                False,
                "There are servers for all. Each takes 10 ms on average, as if it were alone.",
            ),
        ),
    ),
}  # fmt: skip
