"""Which settings of a quorum run cannot be, each of them allowed alone?"""

from __future__ import annotations

from collections.abc import Mapping

from apps.experiments.params import Params
from apps.experiments.quorums.settings import Settings


def conflicts(params: Params) -> Mapping[str, str]:
    """Return problems by the name of the parameter to change."""
    settings, found = Settings.of(params), {}
    for name, count in (("r", settings.r), ("w", settings.w)):
        if count > settings.n:
            found[name] = f"Only {settings.n} copies can answer. Use 1 to {settings.n}, or more copies."
    if settings.partition == "minority" and settings.n < 3:
        found["partition"] = f"No minority can be cut off of {settings.n}. Use 3 copies or more, or another partition."
    if settings.partition == "half" and settings.n % 2:
        found["partition"] = f"{settings.n} copies have no half. Use an even number, or the partition minority."
    if settings.partition != "none" and settings.partition_at_s >= settings.duration_s:
        found["partition_at_s"] = f"The run is over by then. Use less than {settings.duration_s:g} s, or run longer."
    return found
