"""How much faster do more servers make it, and what if they come too late?"""

from __future__ import annotations

from apps.experiments.base import Chart, Experiment, Figure, Line
from apps.experiments.scaling.challenge import CHALLENGES
from apps.experiments.scaling.finding import finding
from apps.experiments.scaling.measure import run
from apps.experiments.scaling.params import PARAMS, conflicts
from apps.experiments.scaling.presets import PRESETS

FIGURES = {
    "speedup": Figure("Speed-up", "", "Tasks a second, where one worker alone does one."),
    "efficiency": Figure("Efficiency", "%", "Speed-up over workers: what one of them is worth."),
    "peak_servers": Figure("Peak at", "", "Workers with whom most is done; more make it slower. Of the fitted law."),
    "peak_speedup": Figure("Speed-up at the peak", "", "Of the fitted law."),
    "limit": Figure("Limit", "", "What endlessly many would do, if they need not talk: 1/σ of the fitted law."),
    "fitted_sigma": Figure("σ found", "", "Contention, as fitted to the speeds of all crews."),
    "fitted_kappa": Figure("κ found", "", "Coherency, as fitted to the speeds of all crews."),
    "p99_ms": Figure("Slowest hundredth", "ms", "99 of 100 requests were answered sooner."),
    "late_share": Figure("Late", "%", "Requests that took more than a second."),
    "server_hours": Figure("Cost", "h", "Server hours, from the order to the end, the boot included."),
    "peak_queue": Figure("Longest line", "", "Requests in line, at most."),
    "time_over_target_s": Figure("Over target", "s", "Time in which servers were busier than the target."),
}

CHARTS = (
    Chart(
        "Speed-up",
        (
            Line("speedup", "Simulated"),
            Line("law", "The law", role="theory"),
            Line("amdahl", "Without talk (Amdahl)", role="theory"),
        ),
        "",
        figures=("peak_speedup",),
        x="workers",
    ),
    Chart("What a worker is worth", (Line("efficiency", "Efficiency"),), "%", x="workers"),
    Chart(
        "Servers",
        (Line("ready", "Ready"), Line("paid", "Paid for"), Line("needed", "Needed at 100 %", role="theory")),
        "",
        shape="step",
        x="time (min)",
    ),
    Chart("Requests in line", (Line("queue", "In line"),), "", figures=("peak_queue",), x="time (min)"),
    Chart("Slowest hundredth", (Line("p99_ms", "Slowest hundredth of 15 s"),), "ms", x="time (min)"),
)

experiment = Experiment(
    title="Scaling out",
    question=__doc__,
    kind="simulated",
    concepts=("scalability", "amdahl", "autoscaling"),
    params=PARAMS,
    figures=FIGURES,
    presets=PRESETS,
    charts=CHARTS,
    run=run,
    finding=finding,
    conflicts=conflicts,
    model="workers at a lock, or a fleet and its controller, event by event",
    caution="The law fits many systems; the mechanism here is the one behind its proof: workers who all wait for each "
    "other. Real ones wait less, and lie above it. Real controllers see old numbers, and real boots vary.",
    challenges=CHALLENGES,
    topic="Queues and servers",
)
