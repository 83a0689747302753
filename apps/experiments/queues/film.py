"""What do the first requests of a queueing run look like? One line before its servers, request by request."""

from __future__ import annotations

from apps.experiments.film import MOST_VISITS, Film, Place, Visit, cut
from apps.experiments.queues.settings import NAME, Settings
from apps.simulator.streams import Floats

CALM = 300  # requests that show how an ordinary line comes and goes; a growing one is shown for as long as fits


def film(settings: Settings, log: Floats, customers: int) -> Film:
    """Return the film of the first requests of so many in a log (customer, station, came, waited, left; seconds).

    Where all share the servers nobody stands in line: a request is being served from the moment it comes.
    """
    shown = log[log[:, 2].argsort(kind="stable")][: CALM if settings.stable else MOST_VISITS]
    shared = settings.discipline == "ps"
    visits = [
        Visit(dot, NAME, came, came if shared else came + waited, left)
        for dot, (came, waited, left) in enumerate(shown[:, 2:].tolist())
    ]
    label = "Server" if settings.servers == 1 else f"{settings.servers} servers"
    caption = f"The first {len(visits)} of {customers:,} requests, from an empty line on"
    return cut([Place(NAME, label, column=0, slots=settings.servers)], [], visits, caption)
