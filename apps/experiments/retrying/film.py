"""What does a contest for one row look like? Clients who pause, go to the row, and come back with or without it."""

from __future__ import annotations

from collections.abc import Iterator

from apps.experiments.film import MOST_VISITS, Film, Place, Visit, cut
from apps.experiments.retrying.settings import Settings
from apps.simulator.contention import Write


def film_of_contest(settings: Settings, writes: list[Write]) -> Film | None:
    """Return a contest, of some of its clients if they are many; the colour of a dot at the row says whether it won."""
    stride = len(writes) // (MOST_VISITS // 2) + 1
    shown = [write for write in writes if write.client % stride == 0][: MOST_VISITS // 2]
    places = (Place("clients", "clients", 0, slots=settings.clients), Place("row", "the row", 1, slots=1))
    each = f"; shown are one of {stride} clients" if stride > 1 else ""
    caption = f"A contest of {settings.clients} clients with {len(writes):,} writes; a dot is a client{each}"
    return cut(places, (("clients", "row"), ("row", "clients")), _visits(shown), caption)


def _visits(writes: list[Write]) -> Iterator[Visit]:
    back: dict[int, float] = {}
    for write in writes:
        since = back.get(write.client, 0.0)
        yield Visit(write.client, "clients", since, since, write.sent)
        yield Visit(write.client, "row", write.came, write.came, write.came, "ok" if write.won else "failed")
        back[write.client] = write.answered
