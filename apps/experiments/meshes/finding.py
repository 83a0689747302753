"""What did a run of services that call each other find, in one sentence?"""

from __future__ import annotations

from apps.experiments.base import Outcome
from apps.experiments.meshes.settings import Settings
from apps.experiments.params import Params

EVENTS = {"none": "", "slow-service": "While the {} one is slow, ", "failing-service": "While the {} one fails, "}


def finding(params: Params, outcome: Outcome) -> str:
    """Return the result of a run as one plain sentence."""
    settings, figures = Settings.of(params), outcome.figures
    way = "one after the other" if settings.chain else "asked at once"
    if "availability" not in figures:
        return "Not one request ended in the time that was simulated."
    many = "a single service" if settings.services == 1 else f"{settings.services} services {way}"
    begins = EVENTS[settings.event].format(settings.event_in)
    answer = "answers" if settings.services == 1 else "answer"
    who = many if begins else many[0].upper() + many[1:]
    answered = f"{who} {answer} {share(figures['availability'])} of the requests"
    takes = f", in {ms(figures['mean_ms'])} on average and {ms(figures['p99_ms'])} for the slowest hundredth" \
        if "mean_ms" in figures else ""  # fmt: skip
    calls = figures.get("amplification", 1.0)
    more = f"; the last service gets {calls:.3g} calls a request" if calls > 1.005 else ""
    waste = figures.get("wasted_share", 0.0)
    lost = f"; {share(waste)} of the work is done for nobody" if waste > 0 else ""
    return f"{begins}{answered}{takes}{more}{lost}."


def share(value: float) -> str:
    """Return a share in per cent, with as many digits as tell it from all: "99.97 %", "63 %"."""
    return f"{value * 100:.4g} %" if value > 0.98 else f"{value * 100:.3g} %"


def ms(value: float) -> str:
    """Return a time in ms to three digits: "2.05 ms", "1,639 ms"."""
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.3g} ms"
