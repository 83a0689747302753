"""What did the beginning of a failure look like? Requests at the service, its breaker and its dependency."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from apps.experiments.breakers import states
from apps.experiments.breakers.settings import CALLER, DEPENDENCY, LIBRARY, Settings
from apps.experiments.film import Film, Place, Visit
from apps.experiments.systems.thinning import thin_film
from apps.simulator.calls.report import Report
from apps.simulator.calls.system import System

LEAD_S, WATCHED_S = 1.0, 7.0  # before and after the failure begins
BREAKER = f"{LIBRARY} 1"  # the place
LABELS = {f"{CALLER} 1": "Service", BREAKER: "Breaker", f"{DEPENDENCY} 1": "Dependency"}


def film(settings: Settings, system: System, report: Report, start: float) -> Film | None:
    """Return the film from `start` (seconds) on. What the breaker does is told where it stands, before the dependency.

    Without a breaker, calls pass the client library.
    """
    what = "The failure begins" if settings.failure != "none" else "A part of the run"
    shown = thin_film(system, report, start, start + LEAD_S + WATCHED_S, what)
    if shown is None:
        return None
    signs = tuple(replace(sign, place=BREAKER) if sign.text.startswith("breaker") else sign for sign in shown.signs)
    places = tuple(_placed(settings, place) for place in shown.places)
    return replace(shown, signs=signs, places=places, visits=tuple(_judged(shown, report)))


def _placed(settings: Settings, place: Place) -> Place:
    if place.name != BREAKER:
        return replace(place, label=LABELS.get(place.name, place.label))
    return replace(place, label=LABELS[BREAKER] if settings.breaker == "on" else "Client library", slots=0)


def _judged(shown: Film, report: Report) -> Iterator[Visit]:
    """Yield the visits; a call that came to a breaker that was not closed, and went no further, was refused there."""
    called = {visit.dot for visit in shown.visits if visit.place == f"{DEPENDENCY} 1"}
    steps = [(0.0, "breaker closed"), *states.changes(report)]
    moments = [at for at, _ in steps]
    for visit in shown.visits:
        refuses = steps[bisect_right(moments, visit.came) - 1][1] != "breaker closed"
        refused = visit.place == BREAKER and refuses and visit.dot not in called
        yield replace(visit, fate="refused") if refused else visit
