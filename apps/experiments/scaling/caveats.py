"""What must a learner know before believing the figures of a scaling run?"""

from __future__ import annotations

from collections.abc import Iterator

from apps.experiments.scaling import law
from apps.experiments.scaling.settings import Settings


def caveats_of_law(settings: Settings) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing about a run of workers."""
    if settings.servers > (top := law.peak(settings.sigma, settings.kappa)):
        yield f"{settings.servers} workers are past the peak at {top:.3g}: taking some away makes the whole faster."
    if settings.pace == "free":
        yield (
            "Nobody waits for anybody but at the lock, so the workers are faster than the law says; it is their lower "
            "bound. The fitted σ and κ describe the curve, they are not what was set."
        )


def caveats_of_fleet(settings: Settings, waiting: int) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing about a run of a fleet. `waiting`: in line at the end."""
    most = settings.max_servers * settings.server_rps
    if settings.peak_rps >= most:
        yield (
            f"Unstable at the peak: {settings.peak_rps:,.4g} requests a second come, {settings.max_servers} servers do "
            f"{most:,.4g}. The line grows by {settings.peak_rps - most:,.3g} a second for as long as the peak lasts."
        )
    if waiting > settings.base_rps:  # more than come in a second
        yield f"{waiting:,} requests were still in line when the run ended. They count as late if they waited over 1 s."
    if settings.target_utilisation > 0.9:
        yield (
            "The controller leaves a deviation of a tenth alone. With a target over 90 % full servers look like "
            "servers on target, and it may never order."
        )
