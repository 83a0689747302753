"""What becomes of speed and availability when one request needs many services?"""

from __future__ import annotations

from apps.experiments.base import Chart, Experiment, Figure, Line
from apps.experiments.meshes.challenge import CHALLENGES
from apps.experiments.meshes.finding import finding
from apps.experiments.meshes.measure import run
from apps.experiments.meshes.presets import PRESETS
from apps.experiments.meshes.settings import conflicts
from apps.experiments.params import Choice, Param

PARAMS = {
    "shape": Param(
        "Shape", "chain", "How services call each other.", group="Services", choices=(
            Choice("chain", "Chain", "Each calls the next and waits for it."),
            Choice("fan-out", "Fan-out", "A page asks all of them at once and needs every answer."),
        ),
    ),
    "services": Param("Services", 5, "That one request needs.", group="Services", low=1, high=30, step=1),
    "availability": Param(
        "Availability", 0.999, "Chance that a service's own work ends without an error.", group="Services",
        low=0.5, high=1.0, step=0.0001,
    ),
    "service_ms": Param(
        "Service", 10.0, "What each takes on average; times are exponential.", group="Services", unit="ms", low=0.1,
        high=1_000.0, step=0.1,
    ),
    "servers": Param(
        "Servers a service", 0, "Calls that each works on at once. 0: so many that nobody waits for one.",
        group="Services", low=0, high=1_000, step=1,
    ),
    "last": Param(
        "The last service", "needed", "Whether an answer can do without it.", group="Services", choices=(
            Choice("needed", "Is needed", "A request fails with it."),
            Choice("optional", "May be missing", "Its caller goes on without it if the call fails."),
        ),
    ),
    "timeout_ms": Param(
        "Timeout", 1_000.0, "How long a service waits for another. 0: for ever.", group="Callers", unit="ms", low=0.0,
        high=60_000.0, step=10.0,
    ),
    "client_timeout_ms": Param(
        "Client's timeout", 2_000.0, "How long a client waits for a try. 0: for ever.", group="Callers", unit="ms",
        low=0.0, high=60_000.0, step=10.0,
    ),
    "attempts": Param("Tries", 1, "That each caller makes in all, the client too.", group="Callers", low=1, high=5,
                      step=1),
    "deadlines": Param(
        "Time left", "no", "Whether a call tells how long its client still waits.", group="Callers", choices=(
            Choice("no", "Not told", "Services work on for callers who have given up."),
            Choice("yes", "Told", "What is too late is neither begun nor passed on."),
        ),
    ),
    "threads": Param(
        "Threads a caller", 0, "Each service that calls others has so many, and a thread is held while it waits. 0: no "
        "limit.", group="Callers", low=0, high=10_000, step=1,
    ),
    "bulkhead": Param(
        "Bulkhead", 0, "At most so many calls of the last service at once; more fail at once. 0: none.",
        group="Callers", low=0, high=10_000, step=1,
    ),
    "rps": Param("Requests", 100.0, "From clients, at random.", unit="/s", low=1.0, high=2_000.0, step=1.0),
    "duration_s": Param("Length", 60.0, "Simulated time.", unit="s", low=2.0, high=120.0, step=1.0),
    "event": Param(
        "What happens", "none", "To one service, until the end.", group="Event", choices=(
            Choice("none", "Nothing"),
            Choice("slow-service", "It gets slow"),
            Choice("failing-service", "It fails", "Each call ends in an error."),
        ),
    ),
    "event_in": Param(
        "To", "last", "Which service it happens to.", group="Event", choices=(
            Choice("last", "The last one"), Choice("first", "The first one"),
        ), applies={"event": ("slow-service", "failing-service")},
    ),
    "event_at_s": Param("At", 10.0, "When.", group="Event", unit="s", low=0.0, high=119.0, step=1.0,
                        applies={"event": ("slow-service", "failing-service")}),
    "slow_factor": Param("Slower by", 100.0, "So many times.", group="Event", low=1.0, high=1_000.0, step=1.0,
                         applies={"event": ("slow-service",)}),
}  # fmt: skip

FIGURES = {
    "availability": Figure("Availability", "%", "Share of the requests that were answered.", digits=4),
    "mean_ms": Figure("Mean", "ms", "Of answered requests, tries included."),
    "p99_ms": Figure("Slowest hundredth", "ms", "99 of 100 answers took less."),
    "wasted_share": Figure("Work for nobody", "%", "Share of the calls served that are in no answer: their caller had "
                           "given up, or the request failed elsewhere."),
    "amplification": Figure("Calls at the last service", "", "Per request of a client."),
    "threads_busy": Figure("Threads held", "", "In the service that clients call, mean over time."),
}  # fmt: skip

CHARTS = (
    Chart(
        "Requests",
        (Line("offered", "Offered"), Line("good", "Answered"), Line("failed", "Failed")),
        "/s",
    ),
    Chart("Time of an answer", (Line("latency_ms", "Mean"),), "ms", figures=("mean_ms",)),
    Chart("Threads of the first service", (Line("threads", "Held"), Line("waiting", "Requests that wait for one")), ""),
    Chart(
        "Calls a request, service by service",
        (Line("calls", "Simulated"), Line("calls_theory", "In theory", role="theory")),
        "",
        figures=("amplification",),
        shape="dots",
        x="service, from the client on",
    ),
)

experiment = Experiment(
    title="A request through many services",
    question=__doc__,
    topic="Services",
    kind="simulated",
    concepts=("microservices", "availability", "timeouts", "bulkhead"),
    params=PARAMS,
    figures=FIGURES,
    presets=PRESETS,
    charts=CHARTS,
    run=run,
    finding=finding,
    conflicts=conflicts,
    challenges=CHALLENGES,
    model="events of services that call each other",
    caution="A model: services fail independently of each other, and networks take no time. A common database, a "
    "common deploy or a common network makes many fail at once, and then nothing multiplies.",
)
