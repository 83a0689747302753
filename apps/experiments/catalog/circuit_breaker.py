"""How does one slow dependency take down a service, and when does a circuit breaker help?"""

from __future__ import annotations

from apps.experiments.base import Chart, Experiment, Figure, Line
from apps.experiments.breakers.challenge import CHALLENGES
from apps.experiments.breakers.finding import finding
from apps.experiments.breakers.measure import run
from apps.experiments.breakers.params import PARAMS, conflicts
from apps.experiments.breakers.presets import PRESETS

FIGURES = {
    "goodput_during": Figure("Goodput meanwhile", "/s", "Requests answered in time per second, while the failure "
                             "lasts."),
    "failed_during": Figure("Failed meanwhile", "%", "Requests without an answer, while the failure lasts."),
    "p99_ms": Figure("Slowest hundredth", "ms", "99 of 100 answers in the whole run came sooner."),
    "calls_spared": Figure("Calls spared", "", "Calls that the breaker did not let through."),
    "time_open_s": Figure("Open", "s", "How long the breaker was open in the whole run."),
    "opened": Figure("Opened", "", "How often the breaker opened."),
    "recovered_after_s": Figure("Well after", "s", "From the end of the failure to the first second with nine tenths "
                                "of the load answered. Missing if that did not come."),
    "threads_held": Figure("Threads held", "", "Mean while the failure lasts, from one timeout after its beginning."),
}  # fmt: skip

CHARTS = (
    Chart(
        "Requests a second",
        (Line("goodput", "Answered in time"), Line("failed", "Failed"), Line("calls", "Calls at the dependency")),
        "/s",
        figures=("goodput_during",),
    ),
    Chart("Breaker: 0 closed, 1 half-open, 2 open", (Line("state", "State"),), "", shape="step", high=2.0),
    Chart(
        "Threads and line of the caller",
        (Line("threads", "Threads held"), Line("queue", "In line for one")),
        "",
        figures=("threads_held",),
    ),
)

experiment = Experiment(
    title="Circuit breaker",
    question=__doc__,
    kind="simulated",
    concepts=("circuit-breaker", "timeouts", "bulkheads"),
    params=PARAMS,
    figures=FIGURES,
    presets=PRESETS,
    charts=CHARTS,
    run=run,
    finding=finding,
    conflicts=conflicts,
    model="a caller with threads, its dependency, and a breaker that counts calls (as resilience4j's)",
    caution="One caller with one dependency. A real service has several instances, each with a breaker that knows only "
    "its own calls, and libraries differ in what they count as a failure.",
    challenges=CHALLENGES,
    topic="When things fail",
)
