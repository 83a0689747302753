"""How can a film show minutes of a busy system? One of so many requests is kept, with all that happened to it."""

from __future__ import annotations

from dataclasses import replace

from apps.experiments.film import MOST_VISITS, Film
from apps.experiments.systems.film import film_of
from apps.simulator.calls.report import Report
from apps.simulator.calls.system import System

MOST_ATTEMPTS = MOST_VISITS * 2 // 5  # a film needs up to two visits and a way for each


def thin_film(system: System, report: Report, start: float, end: float, what: str) -> Film | None:
    """Return a film of every n-th request that came from `start` to `end` (seconds), as many as can be followed.

    It goes on until the last of them is over.

    The report has to have kept all visits of that time. `what` begins the caption: "The stop and what came after".
    None if nothing came.
    """
    seen = report.visits[(report.visits["came"] >= start) & (report.visits["came"] < end)]
    stride = max(1, -(-len(seen) // MOST_ATTEMPTS))
    kept = seen[seen["request"] % stride == 0][: MOST_ATTEMPTS + MOST_ATTEMPTS // 4]
    each = f"; a dot is one of {stride} requests" if stride > 1 else ""
    caption = f"{what}: requests that came between {start:g} and {end:g} s{each}"
    shown = film_of(system, replace(report, visits=kept), caption, start=start)
    return replace(shown, each=stride) if shown else None
