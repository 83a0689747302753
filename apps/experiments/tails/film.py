"""What do the first pages look like? Each page sends out its calls as dots and stands still until the last is back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from apps.experiments.film import MOST_VISITS, Fate, Film, Place, Visit, cut
from apps.experiments.tails.settings import LEAF, PAGE, Settings
from apps.simulator.calls.report import Report

FIRST, SECOND = "first", "second"


def film(settings: Settings, report: Report) -> Film | None:
    """Return the film of the first pages of which every call was logged, or of the first page as far as it was.

    Dots in the colour of lateness are slow.
    """
    leaf = list(report.services).index(LEAF)
    calls = report.visits[(report.visits["service"] == leaf) & np.isfinite(report.visits["left"])]
    visits: list[Visit] = []
    pages = 0
    for request in dict.fromkeys(calls["request"].tolist()):
        own = calls[calls["request"] == request]
        whole = np.count_nonzero(own["attempt"] == 0) == settings.fan_out
        if pages and (not whole or len(visits) + len(own) >= MOST_VISITS):
            continue
        visits += of_page(settings, own[: MOST_VISITS - 1], len(visits))
        pages += 1
    caption = (
        f"The first {pages} of {settings.requests:,} pages. Each waits until the last of its {settings.fan_out} "
        "calls is back; slow ones come back as late."
    )
    return cut(places(settings), ((PAGE, FIRST), (PAGE, SECOND))[: len(places(settings)) - 1], visits, caption)


def places(settings: Settings) -> tuple[Place, ...]:
    """Return where dots are; those who wait for a machine stand in line, where there are not enough for all."""
    slots = settings.machines if settings.queues else 0
    page = Place(PAGE, "Pages that wait", column=0, slots=0)
    first = Place(FIRST, "First calls", column=1, row=0, slots=slots)
    second = Place(SECOND, "Second calls", column=1, row=1, slots=slots)
    return (page, first, second) if settings.hedge_after_ms else (page, first)


def of_page(settings: Settings, calls: np.ndarray, dot: int) -> Iterator[Visit]:
    """Yield the dot of a page and one for each of its calls.

    Delays of second calls end in the order of the first calls; so the first slow call has the first second call.
    """
    came = float(calls["came"].min())
    first, second = calls[calls["attempt"] == 0], calls[calls["attempt"] > 0]
    ends = first["left"].copy()
    slow = np.flatnonzero(first["left"] > first["came"] + settings.hedge_s)[: len(second)]
    ends[slow] = np.minimum(ends[slow], second["left"][: len(slow)])
    done = float(ends.max())
    late: Fate = "late" if done - came > settings.slow_s else "ok"
    yield Visit(dot, PAGE, came, came, done, late)
    for number, call in enumerate(calls, start=dot + 1):
        fate: Fate = "late" if call["left"] > done or call["left"] - came > settings.slow_s else "ok"
        place = SECOND if call["attempt"] else FIRST
        began = min(float(call["began"]), float(call["left"]))
        yield Visit(number, place, float(call["came"]), began, float(call["left"]), fate)
