"""Why does a busy server feel slow long before it is full?"""

from __future__ import annotations

from apps.experiments.base import Chart, Experiment, Figure, Line
from apps.experiments.params import Choice, Param
from apps.experiments.queues.challenge import CHALLENGES
from apps.experiments.queues.conflicts import conflicts
from apps.experiments.queues.drawing import FIRST
from apps.experiments.queues.finding import finding
from apps.experiments.queues.measure import run
from apps.experiments.queues.presets import PRESETS
from apps.experiments.queues.settings import BURST, SERVERS, SIMULATED

PARAMS = {
    "engine": Param(
        "Server",
        SIMULATED,
        "What serves: the simulator, or a real server that works as long as it is told, with the model beside it.",
        group="Servers",
        choices=(
            Choice(SIMULATED, "Simulated", "Any number of requests at once. Nothing is timed."),
            Choice("postgres", "PostgreSQL", "Each server is a connection that sleeps so long (pg_sleep)."),
            Choice("redis", "Redis", "One server: a script that computes so long."),
        ),
    ),
    "servers": Param("Servers", 1, "Equal servers that take from one line.", group="Servers", low=1, high=128, step=1),
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
        applies={"engine": (SIMULATED,)},
    ),  # fmt: skip
    "duration_s": Param(
        "Length", 20, "How long requests come. A simulated run is as long as its requests take.", unit="s", low=2,
        high=120, step=1, applies={"engine": tuple(SERVERS)},
    ),
}  # fmt: skip

FIGURES = {
    "mean_wait_ms": Figure("Mean wait", "ms", "From arrival to the beginning of service; if servers are shared, what "
                           "sharing adds. The first tenth of the run is left out of all figures."),
    "p99_wait_ms": Figure("Slowest hundredth", "ms", "99 of 100 waited less."),
    "mean_response_ms": Figure("Mean response", "ms", "Wait and service together."),
    "mean_queue": Figure("Mean line", "", "Requests in line, mean over time."),
    "utilisation": Figure("Utilisation", "%", "Share of the servers' time that was used."),
    "service_ms": Figure("Service as measured", "ms", "From the moment a server began to its answer, on average."),
    "model_wait_ms": Figure("Mean wait in the model", "ms", "The simulator with the same arrivals and work."),
    "model_p99_wait_ms": Figure("Slowest hundredth in the model", "ms", "99 of 100 waited less in the model."),
    "interval_ms": Figure("Interval of the mean wait", "ms", "In 95 of 100 runs the true mean lies so close."),
}  # fmt: skip

CHARTS = (
    Chart(
        f"Waits of the first {FIRST} requests",
        (Line("wait_ms", "Wait of a request"), Line("model_wait_ms", "In the model", "model")),
        "ms",
        shape="dots",
    ),
    Chart(
        "Mean wait so far",
        (Line("mean_wait_ms", "Mean of all so far"), Line("model_mean_wait_ms", "In the model", "model")),
        "ms",
        figures=("mean_wait_ms",),
    ),
    Chart(
        "The line",
        (
            Line("line", "Requests in line"),
            Line("model_line", "In the model", "model"),
            Line("theory_line", "What comes beyond what can be done", "theory"),
        ),
        "",
        figures=("mean_queue",),
        shape="step",
    ),
)

SIMULATED_PER_S = 400_000  # customers of the slowest discipline, when the machine is busy

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
    conflicts=conflicts,
    challenges=CHALLENGES,
    timed=lambda params: params.get("engine") in SERVERS,
    computes_s=lambda params: float(params["customers"]) / SIMULATED_PER_S,
    engines=tuple(SERVERS),
    asks=lambda params: tuple(name for name in SERVERS if name == params.get("engine")),
    topic="Queues and servers",
    model="events of one line before equal servers",
    caution="A model: requests are independent, nobody gives up, and a server is as fast under load as without. Real "
    "callers time out and try again, which makes a long line longer.",
)
