"""What do the first requests of a queueing run look like? From the clients to one line before its servers."""

from __future__ import annotations

from apps.experiments.film import MOST_VISITS, Film, Place, Visit, cut
from apps.experiments.queues.settings import NAME, Settings
from apps.simulator.streams import Floats

MOST = MOST_VISITS // 2  # requests: each is seen at the clients and at the servers
CALM = 200  # of them show how an ordinary line comes and goes; a growing one is shown for as long as fits
WAYS = 60  # so many ways from the clients fit into the film: a run has no way, this one is for the eye
CLIENTS = "clients"


def film(settings: Settings, log: Floats, customers: int) -> Film | None:
    """Return the film of the first requests of so many in a log (customer, station, came, waited, left; seconds).

    Where all share the servers nobody stands in line: a request is being served from the moment it comes.
    """
    shown = log[log[:, 2].argsort(kind="stable")][: CALM if settings.stable else MOST]
    shared = settings.discipline == "ps"
    came_last = float(shown[-1, 2]) if len(shown) else 0.0
    asked = [max(0.0, came - came_last / WAYS) for came in shown[:, 2].tolist()]
    visits = [Visit(dot, CLIENTS, at, at, at) for dot, at in enumerate(asked)]
    visits += [
        Visit(dot, NAME, came, came if shared else came + waited, left)
        for dot, (came, waited, left) in enumerate(shown[:, 2:].tolist())
    ]
    label = "Server" if settings.servers == 1 else f"{settings.servers} servers"
    caption = f"The first {len(shown)} of {customers:,} requests, from an empty line on"
    places = [Place(NAME, label, column=1, slots=settings.servers), Place(CLIENTS, "Clients", column=0, slots=0)]
    return cut(places, [(CLIENTS, NAME)], visits, caption)
