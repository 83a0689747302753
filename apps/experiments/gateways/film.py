"""What do the first requests look like? Dots that go the long way once, or again and again."""

from __future__ import annotations

from dataclasses import replace

from apps.experiments.film import Film, Place
from apps.experiments.gateways.settings import Settings
from apps.experiments.gateways.system import APP, GATEWAY, LIMIT, TOKEN, WAY
from apps.experiments.systems.film import CLIENTS, film_of
from apps.simulator.calls.report import Report
from apps.simulator.calls.system import System

COLUMNS = {APP: 1, WAY: 1, GATEWAY: 2, TOKEN: 3, LIMIT: 3}


def film(settings: Settings, described: System, report: Report) -> Film | None:
    """Return the film of the first requests that were let in."""
    shown = film_of(described, report, "The first requests that were let in, from empty gateways on")
    return shown and replace(shown, places=tuple(placed(settings, place) for place in shown.places))


def placed(settings: Settings, place: Place) -> Place:
    """Return a place with its label and where it stands. Only gateways have numbers, and lines; dots pass the rest."""
    if place.name == CLIENTS:
        return place
    if place.name.startswith(GATEWAY):
        return replace(place, label=place.name.capitalize())
    name = place.name.removesuffix(" 1")
    if name in COLUMNS:
        label = "The long way" if name == WAY else name.capitalize()
        return replace(place, label=label, column=COLUMNS[name], row=int(name == LIMIT), slots=0)
    row = int(name.split()[1]) - 1
    label = f"{name.capitalize()}, far away" if settings.direct else name.capitalize()
    return replace(place, label=label, column=2 if settings.direct else 4, row=row, slots=0)
