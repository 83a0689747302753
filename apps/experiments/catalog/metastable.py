"""Why does a system stay dead when what broke it is over?"""

from __future__ import annotations

from apps.experiments.base import Chart, Experiment, Figure, Line
from apps.experiments.metastability.challenge import CHALLENGES
from apps.experiments.metastability.finding import finding
from apps.experiments.metastability.measure import run
from apps.experiments.metastability.params import PARAMS, conflicts
from apps.experiments.metastability.presets import PRESETS

FIGURES = {
    "goodput_after": Figure("Goodput after", "/s", "Requests answered in time per second, at the end of the run: in "
                            "its last 10 s, or the second half of what follows the trigger if that is less."),
    "recovered": Figure("Recovered", "", "1: goodput at the end is at least nine tenths of the load. 0: it is not."),
    "recovered_after_s": Figure("Back after", "s", "From the end of the trigger to the first second with nine tenths "
                                "of the load answered in time. Missing if the system did not recover."),
    "amplification": Figure("Amplification at the end", "", "Attempts that reach the server per request, in the same "
                            "seconds as the goodput after."),
    "amplification_in_all": Figure("Amplification in all", "", "Attempts that reach the server per request, from the "
                                   "beginning of the trigger to the end of the run."),
    "goodput_before": Figure("Goodput before", "/s", "Before the trigger, the first fifth left out."),
    "failed_before": Figure("Failed before", "%", "Requests without an answer in the end, before the trigger."),
    "given_up": Figure("Given up", "%", "Requests without an answer in the end, over the whole run."),
    "peak_queue": Figure("Longest line", "", "Attempts in line at the server, at most."),
}  # fmt: skip

CHARTS = (
    Chart(
        "Requests a second",
        (Line("goodput", "Goodput"), Line("attempts", "Attempts at the server")),
        "/s",
        figures=("goodput_after",),
    ),
    Chart("In line at the server", (Line("queue", "In line"),), ""),
)

experiment = Experiment(
    title="Dead for good",
    question=__doc__,
    kind="simulated",
    concepts=("metastability", "retries", "overload"),
    params=PARAMS,
    figures=FIGURES,
    presets=PRESETS,
    charts=CHARTS,
    run=run,
    finding=finding,
    conflicts=conflicts,
    model="one server and its line, clients with timeouts and retries",
    caution="A model with one server and clients that never learn. Real people leave, real servers lose memory and "
    "connections under such a load, and the way back is then longer than here.",
    challenges=CHALLENGES,
    topic="When things fail",
)
