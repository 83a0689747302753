"""What did a scaling run find, in one sentence?"""

from __future__ import annotations

from apps.experiments.base import Outcome
from apps.experiments.params import Params
from apps.experiments.scaling.settings import Settings


def finding(params: Params, outcome: Outcome) -> str:
    """Return the result of a run as one plain sentence."""
    settings, figures = Settings.of(params), outcome.figures
    if settings.model == "autoscaling":
        return (
            f"With a boot of {settings.boot_s:g} s up to {figures['peak_queue']:,.0f} requests stood in line, "
            f"{figures['late_share'] * 100:.3g} % took over a second, one in a hundred over "
            f"{_time(figures['p99_ms'])}; it cost {figures['server_hours']:.3g} server hours."
        )
    speed = f"{settings.servers} workers do {figures['speedup']:.3g} times the work of one"
    if "peak_servers" in figures:
        return f"{speed}; {figures['peak_servers']:.3g} would do the most, {figures['peak_speedup']:.3g} times."
    if "limit" in figures:
        return f"{speed}; endlessly many would do {figures['limit']:.3g} times."
    return f"{speed}."


def _time(ms: float) -> str:
    """Return a time to three digits: "820 ms", "12.4 s"."""
    return f"{ms / 1e3:,.3g} s" if ms >= 1_000 else f"{ms:.3g} ms"
