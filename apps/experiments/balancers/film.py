"""What does the balancer do, request by request? The first requests, or those around the event."""

from __future__ import annotations

from dataclasses import replace

from apps.experiments.balancers.settings import Settings
from apps.experiments.film import Film
from apps.experiments.systems.film import film_of
from apps.simulator.calls.report import Report

MOST_SERVERS = 16  # that can be watched at once
BEFORE = 150  # requests before the event
REST = 10  # services after the last request
WORDS = {"server-down": "goes down", "server-stuck": "gets stuck", "server-added": "is added"}


def film(settings: Settings, report: Report, watched_from: float) -> Film | None:
    """Return the film of some requests of a run; None where there are more servers than anybody can watch."""
    if settings.replicas > MOST_SERVERS:
        return None
    if settings.event == "none":
        which = "The first requests, from empty servers on" if not watched_from else "Requests of an ordinary moment"
        return film_of(settings.system(), report, which, start=watched_from)
    start = max(0.0, settings.event_at_s - BEFORE / settings.rate)
    caption = f"Requests around second {settings.event_at_s:g}, when a server {WORDS[settings.event]}"
    shown = film_of(settings.system(), report, caption, start=start)
    return ended(shown, REST * settings.service_s) if shown else None


def ended(film: Film, rest_s: float) -> Film:
    """Return a film that ends soon after the last request of it came: who is stuck stays inside."""
    end = min(film.end, max((visit.came for visit in film.visits), default=film.start) + rest_s)
    visits = tuple(replace(v, began=min(v.began, end), left=min(v.left, end)) for v in film.visits)
    return replace(film, visits=visits, end=end, signs=tuple(sign for sign in film.signs if sign.at <= end))
