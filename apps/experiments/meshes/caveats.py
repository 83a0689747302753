"""What must a learner know before believing the figures of a run of services that call each other?"""

from __future__ import annotations

from collections.abc import Iterator

from apps.experiments.meshes.settings import Settings
from apps.experiments.meshes.system import first_name
from apps.simulator.calls.report import Report

FULL = 0.985  # of the threads
ROUGH = 0.75  # of the share of failures: an interval wider than that
FEW = 0.1  # of the requests


def caveats(settings: Settings, report: Report) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing."""
    if not settings.stable:
        yield (
            f"Unstable: {settings.rps:g} requests a second ask for {settings.rps * settings.service_s:.3g} servers of "
            f"each service, and there are {settings.servers}. Lines grow for as long as the run lasts."
        )
    first = report.services[first_name(settings)]
    if settings.threads and first.utilisation.value > FULL:
        yield (
            f"All {settings.threads} threads of the first service are held nearly all the time: requests queue for a "
            "thread, and every figure of time says how long they were willing to wait."
        )
    if settings.eventful:
        yield f"Figures count from the event at {settings.event_at_s:g} s on; what was before is drawn, not counted."
    if settings.eventful or settings.optional or not settings.stable:
        yield "The share of wasted work is one outcome: repeat it with other seeds to see its spread."
    errors = report.error_rate
    if 0 < errors.value < FEW and errors.half_width > ROUGH * errors.value:
        yield (
            f"Few requests failed: the share of failures, {errors.value * 100:.2g} %, is known within "
            f"{errors.half_width * 100:.2g} % only. More requests narrow it by the square root."
        )
