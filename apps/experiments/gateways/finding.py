"""What did a run of a gateway find, in one sentence?"""

from __future__ import annotations

from apps.experiments.base import Outcome
from apps.experiments.gateways.settings import Settings
from apps.experiments.params import Params

WAYS = {
    "direct": "called by the client one after the other",
    "aggregate-serial": "called by a gateway one after the other",
    "aggregate-parallel": "called by a gateway at once",
}


def finding(params: Params, outcome: Outcome) -> str:
    """Return the result of a run as one plain sentence."""
    settings, figures = Settings.of(params), outcome.figures
    many = "One service" if settings.calls == 1 else f"{settings.calls} services"
    growing = "" if settings.stable else ", and growing"
    busy = (
        "" if settings.direct else f"; {figures['gateway_utilisation'] * 100:.3g} % of the gateways' threads are held"
    )
    limit = ""
    if settings.limited:
        limit = f"; {figures['admitted_rps']:,.3g} requests a second get through where {settings.offered_rps:,.4g} come"
    if "mean_ms" not in figures:
        return "Not one request was answered in the time that was simulated."
    take = "takes" if settings.calls == 1 else "take"
    return (
        f"{many} {WAYS[settings.mode]} {take} {ms(figures['mean_ms'])} on average{growing} "
        f"({ms(figures['p99_ms'])} for the slowest hundredth){busy}{limit}."
    )


def ms(value: float) -> str:
    """Return a time in ms to three digits: "2.05 ms", "1,639 ms"."""
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.3g} ms"
