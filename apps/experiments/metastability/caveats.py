"""What must a learner know before believing the figures of a metastable run?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from apps.experiments.metastability.settings import Settings
from apps.simulator.statistics import Estimate


def caveats(settings: Settings, found: Mapping[str, Estimate]) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing."""
    if settings.offered_rps >= settings.capacity_rps:
        grows = settings.offered_rps - settings.capacity_rps
        yield (
            f"Unstable from the beginning: {settings.offered_rps:g} requests a second come, the server does "
            f"{settings.capacity_rps:g}. Even without retries the line grows by {grows:g} a second."
        )
    elif not found["recovered"].value and settings.worst_load > 1 and settings.trigger != "none":
        yield (
            "The trigger is over, nothing is broken, and the server is busy all the time: with work that nobody waits "
            "for. It stays so for as long as the clients go on. Only less load or fewer retries end it."
        )
    elif not found["recovered"].value:
        yield "The run ended while the line was still being worked off. A longer one shows how it ends."
    if settings.jitter != "none" and settings.backoff == "none":
        yield "Jitter had no effect: without a backoff there is no pause to spread."
    if settings.trigger != "none":
        yield (
            "When goodput is back, what is given up, the longest line and the amplification in all are one outcome: "
            "repeat it with other seeds to see their spread."
        )
