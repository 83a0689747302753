"""What does a run look like? Requests as dots through the chain, or out to all services of a page."""

from __future__ import annotations

from dataclasses import replace

from apps.experiments.film import MOST_VISITS, Film, Place
from apps.experiments.meshes.settings import Settings
from apps.experiments.meshes.system import PLENTY
from apps.experiments.systems.film import CLIENTS, film_of
from apps.experiments.systems.thinning import thin_film
from apps.simulator.calls.report import Report
from apps.simulator.calls.system import System

BEFORE_S, AFTER_S = 0.5, 4.0  # of the event
KEPT = 40_000  # visits, of which a film shows some
IN_A_ROW = 10  # services: a longer chain goes on below, a wider page in the next column


def film(settings: Settings, described: System, report: Report) -> Film | None:
    """Return the film of the first requests, or of the seconds around the event."""
    if settings.eventful:
        begin = max(0.0, settings.event_at_s - BEFORE_S)
        what = f"The {settings.event_in} service {'gets slow' if settings.event == 'slow-service' else 'fails'}"
        shown = thin_film(described, report, begin, settings.event_at_s + AFTER_S, what)
    else:
        shown = film_of(described, replace(report, visits=report.visits[:MOST_VISITS]), "The first requests of the run")
    return shown and replace(shown, places=tuple(placed(settings, place) for place in shown.places))


def placed(settings: Settings, place: Place) -> Place:
    """Return a place with its label and where it stands. Services have one replica each, whose number is not told."""
    if place.name == CLIENTS:
        return place
    label = place.name.removesuffix(" 1").capitalize()
    slots = 0 if place.slots == PLENTY else place.slots  # without a line dots only pass
    if not label.startswith("Service"):
        column = 1 if label == "Page" else min(settings.services, IN_A_ROW) + 1 if settings.chain else 2
        row = 0 if label == "Page" else IN_A_ROW if not settings.chain else 1
        return replace(place, label=label, column=column, row=row, slots=slots)
    along, down = divmod(int(label.split()[1]) - 1, IN_A_ROW)
    column, row = (down + 1, along) if settings.chain else (along + 2, down)
    return replace(place, label=label, column=column, row=row, slots=slots)
