"""Why does a busy server feel slow long before it is full?"""

from __future__ import annotations

from apps.experiments.base import Chart, Experiment, Figure, Line
from apps.experiments.params import Choice, Param
from apps.experiments.queues.finding import finding
from apps.experiments.queues.measure import FIRST, run
from apps.experiments.queues.presets import PRESETS
from apps.experiments.queues.settings import BURST

PARAMS = {
    "servers": Param("Servers", 1, "Equal servers that take from one line.", group="Servers", low=1, high=64, step=1),
    "mean_service_ms": Param(
        "Service", 10.0, "What a request takes on average.", group="Servers", unit="ms", low=0.1, high=1_000.0, step=0.1
    ),
    "service": Param(
        "Service times",
        "exponential",
        "How much services differ.",
        group="Servers",
        choices=(
            Choice("exponential", "Exponential", "Most are short, some long: they vary as much as their mean."),
            Choice("deterministic", "All alike", "Each takes exactly the mean."),
            Choice("lognormal", "Log-normal", "As real services: the deviation is twice the mean."),
            Choice("pareto", "Pareto", "A heavy tail: a few carry much of the work."),
        ),
    ),
    "discipline": Param(
        "Next is",
        "fifo",
        "Who is served next.",
        group="Servers",
        choices=(
            Choice("fifo", "First come", "The one who has waited longest."),
            Choice("lifo", "Last come", "The newest."),
            Choice("ps", "All at once", "Nobody waits: all who are there share the servers."),
            Choice("priority", "Urgent first", "One in five is urgent and goes before all others."),
        ),
    ),
    "utilisation": Param(
        "Utilisation",
        0.8,
        "Share of the servers' time that the requests ask for. From 1 on the line grows without end.",
        unit="",
        low=0.05,
        high=1.5,
        step=0.05,
    ),  # fmt: skip
    "arrivals": Param(
        "Arrivals",
        "poisson",
        "When requests come.",
        choices=(
            Choice("poisson", "At random", "As those of many independent people do."),
            Choice("deterministic", "Evenly", "At equal distances."),
            Choice("on-off", "In bursts", f"Twice as fast for {BURST} service times, then none for as long."),
        ),
    ),
    "customers": Param(
        "Requests",
        200_000,
        "How many pass through. More narrow the interval.",
        low=10_000,
        high=2_000_000,
        step=10_000,
    ),  # fmt: skip
}

FIGURES = {
    "mean_wait_ms": Figure("Mean wait", "ms", "From arrival to the beginning of service; if servers are shared, what "
                           "sharing adds. The first tenth of the run is left out of all figures."),
    "p99_wait_ms": Figure("Slowest hundredth", "ms", "99 of 100 waited less."),
    "mean_response_ms": Figure("Mean response", "ms", "Wait and service together."),
    "mean_queue": Figure("Mean line", "", "Requests in line, mean over time."),
    "utilisation": Figure("Utilisation", "%", "Share of the servers' time that was used."),
    "interval_ms": Figure("Interval of the mean wait", "ms", "In 95 of 100 runs the true mean lies so close."),
}  # fmt: skip

CHARTS = (
    Chart(f"Waits of the first {FIRST} requests", (Line("wait_ms", "Wait of a request"),), "ms", shape="dots"),
    Chart(
        "Mean wait so far",
        (Line("mean_wait_ms", "Mean of all so far"),),
        "ms",
        figures=("mean_wait_ms",),
    ),
)

experiment = Experiment(
    title="Waiting in line",
    question=__doc__,
    kind="simulated",
    concepts=("queueing", "utilisation", "littles-law"),
    params=PARAMS,
    figures=FIGURES,
    presets=PRESETS,
    charts=CHARTS,
    run=run,
    finding=finding,
    model="events of one line before equal servers",
    caution="A model: requests are independent, nobody gives up, and a server is as fast under load as without. Real "
    "callers time out and try again, which makes a long line longer.",
)
