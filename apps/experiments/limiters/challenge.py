"""Can a learner hold a limit in every window, and remember little for it?"""

from __future__ import annotations

from apps.experiments.challenge import Challenge, Goal

CHALLENGES = {
    "every-window": Challenge(
        "In every window",
        "The service behind the limiter breaks at more than 100 requests within any one second, wherever that second "
        "begins. Its customers send 200 at once, half before and half after the full second. Let no more through, but "
        "480 of them in ten seconds at least. The least memory for a customer wins.",
        params={"clock": "virtual", "limit": 100, "window_s": 1, "traffic": "boundary-burst", "duration_s": 10},
        free=("algorithm", "burst"),
        goals=(Goal("worst_window", "<=", 100.0), Goal("admitted", ">=", 480.0)),
        cost=lambda params, figures: figures["bytes_per_key"],
        cost_unit="bytes for a customer",
        par=100,
        idea="What counts is what fits into one window beside the edge. A fixed window lets two through, and a full "
        "bucket its burst on top of what flows in meanwhile. A log of all admissions is exact, but keeps a moment for "
        "each. A leaky bucket is exact with a single number: it lets one go every 10 ms, and the others wait.",
        naive={"algorithm": "token-bucket"},
        solution={"algorithm": "leaky-bucket", "burst": 100},
    ),
}
