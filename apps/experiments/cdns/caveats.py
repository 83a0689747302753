"""What must a learner know before believing the figures of a content delivery network?"""

from __future__ import annotations

from collections.abc import Iterator

from apps.experiments.cdns.settings import Settings
from apps.simulator.cdn.run import Report

ROUGH = 0.02  # half an interval of a hit ratio


def caveats(settings: Settings, report: Report) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing."""
    if settings.event == "purge":
        yield (
            "Figures of the whole run mix the time before and after the purge; the chart over time keeps them apart. "
            "The origin of this model takes any load: a real one may answer ever more slowly just then."
        )
    if settings.expires and settings.ttl_s > settings.duration_s:
        yield (
            f"The run is shorter than the time to live. Copies of every age up to {settings.ttl_s:,g} s are there at "
            "the start, so that they expire all the time, as in a long run."
        )
    if settings.event == "none" and report.edge_hit_ratio().half_width > ROUGH:
        yield (
            f"The edge hit ratio is known within {report.edge_hit_ratio().half_width * 100:.0f} points only. More "
            "requests, or a longer run, narrow the interval by the square root."
        )
    if settings.coalesce == "no":
        yield "Requests for what is being fetched are fetched as well: the origin sees several for one missing object."
