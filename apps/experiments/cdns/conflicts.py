"""Which settings of a content delivery network cannot be, each of them allowed alone?"""

from __future__ import annotations

from collections.abc import Mapping

from apps.experiments.cdns.settings import Settings
from apps.experiments.params import Params

MOST_REQUESTS = 2_500_000  # a few seconds of computation


def conflicts(params: Params) -> Mapping[str, str]:
    """Return problems by the name of the parameter to change."""
    settings, found = Settings.of(params), {}
    if settings.event == "purge" and settings.event_at_s >= settings.duration_s:
        found["event_at_s"] = f"The run is over by then. Use less than {settings.duration_s:g} s, or run longer."
    if settings.swr_s > 0 and not settings.expires:
        found["swr_s"] = "Nothing gets stale that never expires. Use 0, or a time to live above 0."
    if settings.rps * settings.duration_s > MOST_REQUESTS:
        most = MOST_REQUESTS / settings.duration_s
        found["rps"] = (
            f"More than {MOST_REQUESTS:,} requests in all. Use {most:,.0f} a second or fewer, or run shorter."
        )
    return found
