"""What did the trigger look like? Requests before, in and after it, one of so many a dot."""

from __future__ import annotations

from apps.experiments.film import Film
from apps.experiments.metastability.settings import Settings
from apps.experiments.systems.thinning import thin_film
from apps.simulator.calls.report import Report
from apps.simulator.calls.system import System

WATCHED_S = 8.0  # after the trigger is over


def film(settings: Settings, system: System, report: Report, start: float) -> Film | None:
    """Return the film from just before the trigger until some seconds after it."""
    end = min(settings.duration_s, settings.ends_at_s + WATCHED_S)
    what = "Calm" if settings.trigger == "none" else "The trigger and what came after"
    return thin_film(system, report, start, end, what)
