"""What does a gateway before many services save, and what does it cost?"""

from __future__ import annotations

from apps.experiments.base import Chart, Experiment, Figure, Line
from apps.experiments.gateways.challenge import CHALLENGES
from apps.experiments.gateways.drawing import PARTS
from apps.experiments.gateways.finding import finding
from apps.experiments.gateways.measure import run
from apps.experiments.gateways.presets import PRESETS
from apps.experiments.gateways.settings import conflicts
from apps.experiments.params import Choice, Param

GATED = {"mode": ("aggregate-serial", "aggregate-parallel")}

PARAMS = {
    "mode": Param(
        "Who calls the services", "aggregate-serial", "A request needs all of them.", group="Calls", choices=(
            Choice("direct", "The client", "One after the other, each over the long way."),
            Choice("aggregate-serial", "The gateway, in turn", "The client asks once; the gateway asks one by one."),
            Choice("aggregate-parallel", "The gateway, at once", "The client asks once; the gateway asks all at once."),
        ),
    ),
    "calls": Param("Services", 5, "That a request needs.", group="Calls", low=1, high=20, step=1),
    "client_rtt_ms": Param("Client's way", 100.0, "There and back.", group="Calls", unit="ms", low=0.0, high=2_000.0,
                           step=1.0),
    "inner_rtt_ms": Param("Inner way", 2.0, "From gateway to service and back.", group="Calls", unit="ms", low=0.0,
                          high=500.0, step=0.1),
    "service_ms": Param("Service", 5.0, "What each takes on average; times are exponential.", group="Calls", unit="ms",
                        low=0.1, high=1_000.0, step=0.1),
    "auth_ms": Param("Token check", 10.0, "To ask who the client is, way included. The gateway asks once a request; "
                     "without it every service asks.", group="Gateway", unit="ms", low=0.0, high=1_000.0, step=0.1),
    "auth_cache_hit": Param("Tokens in the cache", 0.9, "Share of checks that need not ask.", group="Gateway", low=0.0,
                            high=1.0, step=0.01),
    "gateway_ms": Param("Gateway's work", 1.0, "On each request.", group="Gateway", unit="ms", low=0.0, high=100.0,
                        step=0.1, applies=GATED),
    "gateways": Param("Gateways", 2, "Requests go to them in turn.", group="Gateway", low=1, high=20, step=1,
                      applies=GATED),
    "threads": Param("Threads a gateway", 64, "A request holds one until all services have answered.", group="Gateway",
                     low=1, high=2_000, step=1, applies=GATED),
    "limit_rps": Param("Limit", 0.0, "Requests a second that are let through; 0: no limit. A bucket holds a second's "
                       "worth.", unit="/s", low=0.0, high=5_000.0, step=1.0, applies=GATED),
    "limit_store": Param(
        "The limit is counted", "local", "Where.", applies=GATED, choices=(
            Choice("local", "By each gateway", "Costs nothing, and knows nothing of the others."),
            Choice("shared", "In one store", "A way to it with each request."),
        ),
    ),
    "offered_rps": Param("Requests", 100.0, "From clients, at random.", unit="/s", low=1.0, high=5_000.0, step=1.0),
    "duration_s": Param("Length", 60.0, "Simulated time.", unit="s", low=2.0, high=120.0, step=1.0),
}  # fmt: skip

FIGURES = {
    "mean_ms": Figure("Mean", "ms", "Of requests that were let in, from the client and back."),
    "p99_ms": Figure("Slowest hundredth", "ms", "99 of 100 took less."),
    "admitted_rps": Figure("Let through", "/s", "Requests a second that were not refused."),
    "auth_calls_share": Figure("Token checks a request", "", "Calls of the service that knows the clients."),
    "gateway_utilisation": Figure("Threads held", "%", "Share of the gateways' threads, mean over time."),
}

CHARTS = (
    Chart("Where the time goes", (Line("part_ms", "Mean"),), "ms", shape="bars", names=PARTS),
    Chart(
        "Three ways to ask",
        (
            Line("here_ms", "This run"),
            Line("direct_ms", "Client, one by one", role="theory"),
            Line("serial_ms", "Gateway, in turn", role="theory"),
            Line("parallel_ms", "Gateway, at once", role="theory"),
        ),
        "ms",
        figures=("mean_ms",),
        shape="dots",
        x="services a request needs",
    ),
    Chart(
        "Requests",
        (Line("offered", "Offered"), Line("admitted", "Let through"), Line("answered", "Answered")),
        "/s",
        figures=("admitted_rps",),
    ),
    Chart("Threads of the gateways", (Line("threads", "Held"), Line("waiting", "Requests that wait for one")), ""),
)

experiment = Experiment(
    title="One door for many services",
    question=__doc__,
    topic="Services",
    kind="simulated",
    concepts=("api-gateway", "aggregation", "rate-limiting", "littles-law"),
    params=PARAMS,
    figures=FIGURES,
    presets=PRESETS,
    charts=CHARTS,
    run=run,
    finding=finding,
    conflicts=conflicts,
    challenges=CHALLENGES,
    model="events of requests that go a long way, and of gateways with threads",
    caution="A model: services have servers for all, a refusal costs a gateway nothing, and an app could also call "
    "several services at once itself. That a gateway is one more thing that can fail is not shown.",
)
