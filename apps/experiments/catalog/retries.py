"""What do retries cost, and whom do they help?"""

from __future__ import annotations

from apps.experiments.base import Chart, Experiment, Figure, Line
from apps.experiments.retrying.challenge import CHALLENGES
from apps.experiments.retrying.finding import finding
from apps.experiments.retrying.measure import run
from apps.experiments.retrying.params import PARAMS, conflicts
from apps.experiments.retrying.presets import PRESETS

FIGURES = {
    "amplification": Figure("Amplification", "", "Calls at the server per request, while the trigger lasts; in a "
                            "crowd, calls per client."),
    "goodput_after": Figure("Goodput after", "/s", "Requests answered per second in the second half of what follows "
                            "the trigger; in a crowd, clients served per second until all were."),
    "recovered": Figure("Recovered", "", "1: goodput after is at least nine tenths of the load, or all of a crowd were "
                        "served. 0: not."),
    "failed_share": Figure("Failed for good", "%", "Requests that got no answer, while the trigger lasted."),
    "calls": Figure("Calls", "", "At the server in the whole run; the mean of twenty contests."),
    "completion_ms": Figure("All done after", "ms", "Until the last client of a crowd was served."),
    "peak_rps": Figure("Highest rate", "/s", "Calls at the server, in the busiest moment."),
}  # fmt: skip

CHARTS = (
    Chart(
        "Calls and answers a second",
        (Line("attempts", "Calls at the server"), Line("goodput", "Answered"), Line("failed", "Failed for good")),
        "/s",
    ),
    Chart(
        "Calls over clients",
        (Line("calls_by_clients", "Calls until all have won"),),
        "",
        figures=("calls",),
        x="clients",
    ),
)

experiment = Experiment(
    title="Trying again",
    question=__doc__,
    kind="simulated",
    concepts=("retries", "backoff", "jitter"),
    params=PARAMS,
    figures=FIGURES,
    presets=PRESETS,
    charts=CHARTS,
    run=run,
    finding=finding,
    conflicts=conflicts,
    model="callers in layers before a server, or clients before a row, event by event",
    caution="Failures here are independent of each other. Real ones come together, so that the second attempt meets "
    "what the first one met, and helps less than the sum says.",
    challenges=CHALLENGES,
    topic="When things fail",
)
