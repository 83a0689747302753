"""How many requests does a rate limiter really let through, and what does it have to remember for that?"""

from __future__ import annotations

from apps.experiments.base import Chart, Experiment, Figure, Line
from apps.experiments.limiters.challenge import CHALLENGES
from apps.experiments.limiters.finding import finding
from apps.experiments.limiters.measure import run
from apps.experiments.limiters.presets import PRESETS
from apps.experiments.limiters.settings import conflicts
from apps.experiments.params import Choice, Param

PARAMS = {
    "algorithm": Param(
        "Algorithm",
        "fixed-window",
        "How the limiter decides.",
        group="Limiter",
        choices=(
            Choice("fixed-window", "Fixed window", "Count, and begin again at each edge of the window."),
            Choice("sliding-log", "Sliding log", "Remember the moment of each admission; count the last window's."),
            Choice("sliding-counter", "Sliding counter", "Two counts; the last window's as far as it still overlaps."),
            Choice("token-bucket", "Token bucket", "A request takes a token; tokens come back at the rate."),
            Choice("leaky-bucket", "Leaky bucket", "A queue that lets one go at a time, at the rate."),
            Choice("gcra", "GCRA", "Remember when the next request is due; admit what does not come too early."),
        ),
    ),
    "limit": Param(
        "Limit", 100, "How many requests a customer has in one window.", group="Limiter", low=1, high=1_000, step=10
    ),
    "window_s": Param(
        "Window",
        1,
        "How long a window is. Windows count from the start of the run.",
        group="Limiter",
        unit="s",
        low=1,
        high=60,
        step=1,
    ),
    "burst": Param(
        "Burst",
        100,
        "How many tokens the bucket holds, or how many requests may queue in a leaky one.",
        group="Limiter",
        low=1,
        high=1_000,
        step=10,
        applies={"algorithm": ("token-bucket", "leaky-bucket", "gcra")},
    ),
    "store": Param(
        "Memory",
        "redis-atomic",
        "Where the limiter remembers, and how it decides.",
        group="Limiter",
        choices=(
            Choice("redis-atomic", "Redis, one script", "A script in Redis reads, decides and writes in one go."),
            Choice("redis-naive", "Redis, read then write", "The gateway reads, decides, and writes back."),
            Choice("local", "Each gateway its own", "Every gateway counts by itself and asks nobody."),
        ),
    ),
    "traffic": Param(
        "Traffic",
        "boundary-burst",
        "When the requests come.",
        choices=(
            Choice("steady", "Steady", "Evenly, at the offered rate."),
            Choice("poisson", "Random", "At random moments (Poisson), at the offered rate."),
            Choice(
                "boundary-burst",
                "Bursts on the edge",
                "Twice the limit at the offered rate, half before and half after every other edge of the window.",
            ),
            Choice("on-off", "On and off", "One window at the offered rate, one window nothing."),
            Choice("spike", "A spike", "Half the limit, but the offered rate for one second after a third of the run."),
        ),
    ),
    "offered_rps": Param(
        "Requests",
        1_000,
        "How many requests come a second, whether or not the last one was decided.",
        unit="/s",
        low=10,
        high=5_000,
        step=10,
    ),
    "clients": Param(
        "Connections",
        4,
        "Connections that carry the requests at the same time. A request waits while all are busy.",
        low=1,
        high=32,
        step=1,
        applies={"clock": ("real",)},
    ),
    "nodes": Param(
        "Gateways",
        1,
        "Copies of the gateway; requests are dealt out to them in turn. It matters where each counts by itself. "
        "With one Redis the limit holds, however many there are.",
        low=1,
        high=8,
        step=1,
    ),
    "clock": Param(
        "Clock",
        "real",
        "Which time the limiter goes by.",
        choices=(
            Choice("real", "Real", "The clock of Redis, or of the gateway. Decisions are timed."),
            Choice("virtual", "Simulated", "As fast as it goes, at exact moments. Counts are exact, nothing is timed."),
        ),
    ),
    "duration_s": Param("Length", 12, "How long the run takes.", unit="s", low=2, high=120, step=1),
    "event": Param(
        "Event",
        "none",
        "Something that goes wrong on the way.",
        group="Event",
        choices=(
            Choice("none", "Nothing happens", ""),
            Choice("redis-down", "Redis is killed", "It comes back, empty, after a quarter of the rest or 2 s."),
        ),
    ),
    "event_at_s": Param(
        "Event after",
        3.0,
        "When it happens, in seconds from the start.",
        group="Event",
        unit="s",
        low=1.0,
        high=119.0,
        step=0.5,
        applies={"event": ("redis-down",)},
    ),
    "on_failure": Param(
        "Without Redis",
        "open",
        "What a gateway does with a request while Redis does not answer.",
        group="Event",
        choices=(
            Choice("open", "Open", "Let it in: nobody is turned away, and nobody is limited."),
            Choice("closed", "Closed", "Turn it away: the limit holds, and the service is down with Redis."),
        ),
        applies={"event": ("redis-down",)},
    ),
}

FIGURES = {
    "worst_window": Figure(
        "Most in any window",
        "",
        "The most requests that went on to the service within one window's length, wherever that begins.",
        digits=4,
    ),
    "overshoot": Figure("Against the limit", "×", "The most in any window, as a multiple of the limit."),
    "leaked": Figure(
        "Leaked", "", "Admitted beyond what one exact limiter of the same kind admits at the same moments.", digits=5
    ),
    "offered": Figure("Offered", "", "Requests that came.", digits=6),
    "admitted": Figure("Admitted", "", "Requests that were let in.", digits=6),
    "rejected": Figure("Rejected", "", "Requests that were turned away.", digits=6),
    "peak_100ms": Figure(
        "Largest clump", "", "The most that went on within a tenth of a second: what the service must take at once."
    ),
    "queued_max_ms": Figure("Longest queueing", "ms", "How long the leaky bucket made a request wait at most."),
    "bytes_per_key": Figure(
        "Memory for one customer", "B", "What Redis says that the key takes, name and overhead included.", digits=4
    ),
    "decision_p50_ms": Figure(
        "Median decision", "ms", "Half of the decisions took less. Counted from the moment a request was due."
    ),
    "decision_p99_ms": Figure(
        "Slowest hundredth", "ms", "99 of 100 decisions took less. Counted from the moment a request was due."
    ),
    "race_window_us": Figure("Between read and write", "µs", "How long others could read the same, on average."),
    "undecided": Figure("Decided without Redis", "", "Requests that came while Redis did not answer.", digits=5),
    "outage_s": Figure("Redis was gone", "s", "From the kill until it answered again."),
}

CHARTS = (
    Chart(
        "Within the last window",
        (Line("in_window", "Went on within one window"), Line("limit", "Limit")),
        "",
        figures=("worst_window",),
        shape="step",
    ),
    Chart(
        "Each tenth of a second",
        (Line("offered_per_bin", "Offered"), Line("admitted_per_bin", "Went on to the service")),
        "",
        figures=("peak_100ms",),
        shape="step",
    ),
    Chart(
        "Decisions",
        (Line("decision_p50_ms", "Median"), Line("decision_p99_ms", "99 of 100 are faster")),
        "ms",
        figures=("decision_p50_ms", "decision_p99_ms"),
        shape="dots",
    ),
)

DECIDED_PER_S = 50_000  # on a virtual clock, when the machine is busy

experiment = Experiment(
    title="What a rate limiter lets through",
    question=__doc__,
    kind="measured",
    concepts=("rate-limiting", "fixed-window", "token-bucket", "atomic-counters", "fail-open"),
    params=PARAMS,
    figures=FIGURES,
    presets=PRESETS,
    charts=CHARTS,
    run=run,
    finding=finding,
    conflicts=conflicts,
    challenges=CHALLENGES,
    timed=lambda params: params.get("clock") != "virtual",
    computes_s=lambda params: float(params["offered_rps"]) * float(params["duration_s"]) / DECIDED_PER_S,
    engines=("redis",),
    topic="Services",
    caution="One customer asks, and Redis stands beside the gateways without a network between them. Across a network "
    "every decision takes longer, and a gateway that reads and then writes leaks more. What the algorithms admit does "
    "not change.",
)
