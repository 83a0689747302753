"""Why is a page slow when nearly every answer is fast, and what does asking twice cost?"""

from __future__ import annotations

from apps.experiments.base import Chart, Experiment, Figure, Line
from apps.experiments.params import Choice, Param
from apps.experiments.tails.challenge import CHALLENGES
from apps.experiments.tails.finding import finding
from apps.experiments.tails.measure import run
from apps.experiments.tails.presets import PRESETS
from apps.experiments.tails.settings import Settings, conflicts

PARAMS = {
    "fan_out": Param(
        "Leaves a page", 100, "Calls that a page makes at once. It waits for all.", low=1, high=2_000, step=1
    ),
    "law": Param(
        "Times of a leaf",
        "two-point",
        "How much answers differ.",
        group="Leaves",
        choices=(
            Choice("two-point", "Fast or stuck", "Nearly all take the usual time; some are stuck."),
            Choice("exponential", "Exponential", "They vary as much as their mean."),
            Choice("lognormal", "Log-normal", "As real services: the slowest hundredth takes ten times the median."),
        ),
    ),
    "leaf_ms": Param(
        "Usual time", 10.0, "Of one answer: the fast one, the mean if exponential, the median if log-normal.",
        group="Leaves", unit="ms", low=0.1, high=1_000.0, step=0.1,
    ),
    "slow_fraction": Param(
        "Slow share", 0.01, "Share of single calls that count as slow. Fast or stuck: so many are stuck. Else the "
        "slowest so many of all.", group="Leaves", low=0.0001, high=0.5, step=0.0001,
    ),
    "slow_ms": Param(
        "Stuck for", 1_000.0, "What a slow answer takes.", group="Leaves", unit="ms", low=1.0, high=60_000.0,
        step=1.0, applies={"law": ("two-point",)},
    ),
    "hedge_after_ms": Param(
        "Second call after", 0.0, "Whoever has no answer by then asks another machine; the first answer counts. 0: "
        "never.", group="Hedging", unit="ms", low=0.0, high=10_000.0, step=0.1,
    ),
    "utilisation": Param(
        "Utilisation", 0.0, "Share of the leaves' time that first calls ask for. 0: so many servers that nobody waits.",
        low=0.0, high=1.2, step=0.05,
    ),
    "requests": Param("Pages", 10_000, "How many are simulated.", low=1_000, high=1_000_000, step=1_000),
}  # fmt: skip

FIGURES = {
    "mean_ms": Figure("Mean", "ms", "Of a page, from the first call to the last answer."),
    "p50_ms": Figure("Usual page", "ms", "Half of the pages took less."),
    "p99_ms": Figure("Slowest hundredth", "ms", "99 of 100 pages took less."),
    "p999_ms": Figure("Slowest thousandth", "ms", "999 of 1,000 pages took less."),
    "extra_load": Figure("Extra calls", "%", "Second calls, as a share of the first ones."),
    "slow_pages": Figure("Slow pages", "%", "Pages that took longer than what counts as slow for a single call."),
}

CHARTS = (
    Chart(
        "Who takes longer",
        (
            Line("page_slower", "Pages"),
            Line("call_slower", "Single calls"),
            Line("page_theory", "Pages in theory", role="theory"),
        ),
        "%",
        high=1.0,
        x="longer than (ms)",
        log_x=True,
    ),
    Chart(
        "Slowest hundredth of the pages",
        (
            Line("p99_ms", "Simulated"),
            Line("p99_theory_ms", "In theory", role="theory"),
            Line("p99_plain_ms", "In theory, no second calls", role="theory"),
        ),
        "ms",
        figures=("p99_ms",),
        x="leaves a page",
        log_x=True,
    ),
)

experiment = Experiment(
    title="The slowest of a hundred",
    question=__doc__,
    topic="Queues and servers",
    kind="simulated",
    concepts=("tail-latency", "fan-out", "hedging", "percentiles"),
    params=PARAMS,
    figures=FIGURES,
    presets=PRESETS,
    charts=CHARTS,
    run=run,
    finding=finding,
    conflicts=conflicts,
    challenges=CHALLENGES,
    computes_s=lambda params: Settings.of(params).computes_s,
    model="events of a page that calls its leaves at once",
    caution="A model: leaves are slow independently of each other, and a second call meets another machine. Where "
    "slow moments are common to all machines (a deploy, a full network) asking twice helps nobody.",
)
