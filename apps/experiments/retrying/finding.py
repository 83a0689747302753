"""What did a run with retries find, in one sentence?"""

from __future__ import annotations

from apps.experiments.base import Outcome
from apps.experiments.params import Params
from apps.experiments.retrying.settings import Settings


def finding(params: Params, outcome: Outcome) -> str:
    """Return the result of a run as one plain sentence."""
    settings, figures = Settings.of(params), outcome.figures
    if settings.is_crowd:
        what = "wrote the row" if settings.trigger == "contention" else "were served"
        return (
            f"{settings.clients} clients {what} with {figures['calls']:,.0f} calls, {figures['amplification']:.3g} "
            f"each, in {figures['completion_ms'] / 1e3:,.3g} s."
        )
    failed = figures.get("failed_share", 0.0)
    when = {"none": "With nothing wrong", "outage": "While the server was down"}.get(
        settings.trigger, f"With {settings.failure_share * 100:.3g} % of calls failing"
    )
    return (
        f"{when} each request made {figures.get('amplification', 1.0):.3g} calls to the server, and "
        f"{failed * 100:.3g} % of requests failed for good."
    )
