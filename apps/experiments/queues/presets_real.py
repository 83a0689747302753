"""Which question is worth putting to a real server?"""

from __future__ import annotations

from apps.experiments.base import Cause, Prediction, Preset

REAL = {
    "a-real-server": Preset(
        "The same at a real server",
        "One connection to PostgreSQL sleeps 10 ms for each request, and 80 requests a second come at random. On paper "
        "a request waits 20 ms (M/D/1). How long does it wait here?",
        Prediction("mean_wait_ms", "Mean wait", 1.0, 1_000.0),
        {"engine": "postgres", "service": "deterministic", "utilisation": 0.8, "duration_s": 20},
        causes=(
            Cause(
                "Each service is a little longer than told, and so near the limit the wait grows several times as fast",
                True,
                "Waking up and the way there and back add some tenths of a millisecond. Two per cent more service are "
                "two per cent more load, and at 80 % that is ten per cent more wait. The model with the services as "
                "measured says the same.",
            ),
            Cause(
                "Twenty seconds are few requests: it is chance",
                False,
                "Chance made these arrivals, but the model got the very same ones at the very same moments. What is "
                "between the two lines is not chance.",
            ),
            Cause(
                "PostgreSQL is busy with other work",
                False,
                "It sleeps nearly all the time, and nobody else asks it. What is full is its one connection.",
            ),
        ),
    ),
}
