"""What did a run of a content delivery network find, in one sentence?"""

from __future__ import annotations

from apps.experiments.base import Outcome
from apps.experiments.cdns.settings import Settings
from apps.experiments.params import Params


def finding(params: Params, outcome: Outcome) -> str:
    """Return the result of a run as one plain sentence."""
    settings, figures = Settings.of(params), outcome.figures
    if "edge_hit_ratio" not in figures:
        return "No request came."
    edges = "the edge" if settings.edges == 1 else f"{settings.edges} edges"
    served = f"{edges} answered {figures['edge_hit_ratio'] * 100:.3g} % of the requests at once"
    if "shield_hit_ratio" in figures:
        served += f" and the shield {figures['shield_hit_ratio'] * 100:.3g} % of the rest"
    left = f"{figures['origin_load']:,.0f} of {settings.rps:,.0f} requests a second reached the origin"
    peak = f", {figures['peak_origin_load']:,.0f} in its busiest second" if settings.event == "purge" else ""
    slowest = f"99 of 100 clients waited at most {figures['p99_ms']:.3g} ms"
    return f"{served[0].upper()}{served[1:]}; {left}{peak}. {slowest}."
