"""Which questions about waiting lines are worth a bet?"""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset, Sweep
from apps.experiments.queues.presets_real import REAL

MEAN = "Mean wait"

PRESETS = {
    "knee": Preset(
        "The knee",
        "One server needs 10 ms for a request. Draw how long a request waits for its turn as the server gets busier.",
        Prediction("mean_wait_ms", MEAN, 0.0, 300.0),  # from zero: on an axis of powers of ten a knee is a line
        sweep=Sweep("utilisation", (0.3, 0.5, 0.7, 0.8, 0.9, 0.95)),
        causes=(
            Cause(
                "What is left of the server gets small, and the wait goes as one over that",
                True,
                "At 80 % a fifth is left, at 90 % a tenth, at 95 % a twentieth. The wait doubles each time: "
                "ρ/(1−ρ) service times.",
            ),
            Cause(
                "The server gets slower under load",
                False,
                "It does not here: each request takes 10 ms on average at every utilisation. Only the line is longer.",
            ),
            Cause(
                "More requests come than it can serve",
                False,
                "At 95 % it has time left over. It is the unevenness of arrivals and services that makes a line.",
            ),
        ),
    ),
    "slowest-hundredth": Preset(
        "The slowest hundredth",
        "The same server at 80 %. The mean wait is 40 ms. How long does one request in a hundred wait at least?",
        Prediction("p99_wait_ms", "99 of 100 wait less than", 10.0, 5_000.0),
        causes=(
            Cause(
                "The waits of those who wait are exponential",
                True,
                "So the slowest hundredth lies at ln(80) service spans of what is left: 219 ms, five and a half times "
                "the mean.",
            ),
            Cause(
                "One request in a hundred is a hundred times as long",
                False,
                "The services themselves vary less than that: their slowest hundredth takes 46 ms.",
            ),
            Cause(
                "The server stops now and then",
                False,
                "It never stops while somebody waits. Lines this long come of ordinary chance.",
            ),
        ),
    ),
    "even-service": Preset(
        "Every request alike",
        "At 80 % a request waits 40 ms when service times vary as much as their mean. Now each takes exactly 10 ms. "
        "How long does it wait?",
        Prediction("mean_wait_ms", MEAN, 1.0, 1_000.0),
        {"service": "deterministic"},
        causes=(
            Cause(
                "Half of the wait came from the variance of the services",
                True,
                "Pollaczek and Khinchine: the wait goes with 1 + the squared coefficient of variation. It was 2, and "
                "is 1 now. Requests still come at random, so the other half stays.",
            ),
            Cause(
                "The load is lower",
                False,
                "The server is busy 80 % of the time, as before.",
            ),
            Cause(
                "Nobody waits if nothing varies",
                False,
                "True if the arrivals were even too. They are not: try even arrivals.",
            ),
        ),
    ),
    "one-line-for-ten": Preset(
        "One line for ten",
        "Ten servers at 80 % with one common line. A single server at 80 % makes a request wait 40 ms. And here?",
        Prediction("mean_wait_ms", MEAN, 0.1, 1_000.0),
        {"servers": 10},
        causes=(
            Cause(
                "A request waits only if all ten are busy, and the first that is free takes it",
                True,
                "All ten are busy 41 % of the time (Erlang's C), and one of ten is free ten times as soon. Pooling "
                "is worth more than any cleverness in the line.",
            ),
            Cause(
                "Ten servers have ten times less to do",
                False,
                "Ten times as many requests come: each server is busy 80 % of the time, as the single one was.",
            ),
            Cause(
                "The line is divided by ten",
                False,
                "Then the wait would be 4 ms. It is half of that: a long service at one server holds nobody up.",
            ),
        ),
    ),
    "newest-first": Preset(
        "The newest first",
        "A server at 90 % takes the newest request instead of the oldest. The mean wait stays 90 ms. First come, first "
        "served, 99 of 100 waited less than 450 ms. And now?",
        Prediction("p99_wait_ms", "99 of 100 wait less than", 10.0, 20_000.0),
        {"utilisation": 0.9, "discipline": "lifo", "customers": 500_000},
        causes=(
            Cause(
                "Most are served at once, and a few pay for all of them",
                True,
                "Who is passed over waits until the line is empty. The mean cannot change, as nobody knows the length "
                "of a service before; so what the many gain the few lose.",
            ),
            Cause(
                "The line is longer",
                False,
                "It is as long as before: the same work comes, and the server does as much of it.",
            ),
            Cause(
                "The newest requests are longer",
                False,
                "They are like all others. When a request came says nothing about its length.",
            ),
        ),
    ),
    "sharing": Preset(
        "Everybody at once",
        "A server at 80 % with services of very different length. It works on all requests at once, each a little "
        "slower. How long does a request take in all, its own 10 ms included?",
        Prediction("mean_response_ms", "Mean time in all", 5.0, 2_000.0),
        {"service": "lognormal", "discipline": "ps", "customers": 500_000},
        causes=(
            Cause(
                "A short request no longer waits for a long one",
                True,
                "With processor sharing the mean is service over 1 − ρ for every law of service: 50 ms. In a line, "
                "these services would make it 110 ms.",
            ),
            Cause(
                "Switching between requests costs time",
                False,
                "Not in this model. In a real machine it does, and a share of the gain is lost.",
            ),
            Cause(
                "Sharing lowers the utilisation",
                False,
                "The server is busy 80 % of the time in either way.",
            ),
        ),
    ),
    "too-much": Preset(
        "Five per cent too much",
        "For every 100 requests that one server can do, 105 come. 20,000 requests pass through. How long did they wait "
        "on average?",
        Prediction("mean_wait_ms", MEAN, 10.0, 1_000_000.0),
        {"utilisation": 1.05, "customers": 20_000},
        causes=(
            Cause(
                "The line grows without end, and the mean with the length of the run",
                True,
                "Of 20,000 requests nearly 1,000 are still in line at the end. The mean says how long you watched: "
                "watch twice as long, and it doubles.",
            ),
            Cause(
                "Five per cent too much makes the wait five per cent longer",
                False,
                "Below 100 % there is a mean to be longer. Above there is none.",
            ),
            Cause(
                "The server is five per cent slower",
                False,
                "It is as fast as ever. What cannot be served waits, and what comes later waits for that too.",
            ),
        ),
    ),
    **REAL,
}
