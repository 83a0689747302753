"""What does a rate-limiting run end with? Figures, theory beside them, caveats, and the answer 429."""

from __future__ import annotations

import numpy as np

from apps.experiments.base import Outcome
from apps.experiments.limiters import judge
from apps.experiments.limiters.caveats import caveats
from apps.experiments.limiters.evidence import Evidence
from apps.experiments.limiters.exhibits import exhibits
from apps.experiments.limiters.expectation import expected_figures
from apps.experiments.limiters.settings import Settings


def conclude(settings: Settings, evidence: Evidence) -> Outcome:
    """Return the outcome of a run."""
    figures = _figures(settings, evidence)
    bound = evidence.generator_late or figures["admitted"] + figures["rejected"] < figures["offered"]
    return Outcome(
        figures=figures,
        expected=expected_figures(settings, evidence, int(figures["admitted"])),
        caveats=tuple(caveats(settings, figures, evidence, generator_bound=bound)),
        counted=evidence.counted,
        exhibits=tuple(exhibits(settings, evidence)),
        placement=evidence.placement,
        generator_bound=bound,
    )


def _figures(settings: Settings, evidence: Evidence) -> dict[str, float]:
    decisions, policy = evidence.decisions, settings.policy
    leaves, worst = decisions.leaves, judge.worst_window(decisions.leaves, policy.window)
    figures = {
        "offered": len(decisions.due),
        "admitted": len(leaves),
        "rejected": int(np.count_nonzero(decisions.decided)) - len(leaves),
        "worst_window": worst,
        "overshoot": worst / settings.limit,
        "leaked": judge.leaked(settings.algorithm, policy, decisions),
        "peak_100ms": judge.worst_window(leaves, judge.BIN),
        "bytes_per_key": evidence.bytes_per_key,
    }
    if settings.algorithm == "leaky-bucket" and len(leaves):
        figures["queued_max_ms"] = decisions.verdict[decisions.admitted].max() / 1e3
    if len(taken := judge.latencies_ms(decisions)):
        figures["decision_p50_ms"], figures["decision_p99_ms"] = np.percentile(taken, (50, 99))
    if len(evidence.gaps_us):
        figures["race_window_us"] = float(np.mean(evidence.gaps_us))
    if settings.outage_s:
        figures["undecided"], figures["outage_s"] = int(np.count_nonzero(decisions.blind)), evidence.outage_s
    return {name: float(value) for name, value in figures.items()}
