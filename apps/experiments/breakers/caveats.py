"""What must a learner know before believing the figures of a run with a circuit breaker?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from apps.experiments.breakers.settings import Settings
from apps.simulator.statistics import Estimate


def caveats(settings: Settings, found: Mapping[str, Estimate]) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing."""
    own = settings.offered_rps * settings.work_ms / 1e3
    if own >= settings.threads:
        what = "What is too much is refused" if settings.shedding == "bounded" else "The line grows"
        yield (
            f"Unstable: the requests' own work asks for {own:,.3g} threads, and there are {settings.threads}. {what} "
            "for the whole run, whatever the dependency does."
        )
    elif settings.wanted_threads >= settings.threads and settings.breaker == "off":
        what = "Many are refused" if settings.shedding == "bounded" else "The line gets longer and longer"
        yield (
            f"Unstable while the failure lasts: calls would hold {settings.wanted_threads:,.3g} threads, and there are "
            f"{settings.threads}. {what}, and among them are requests that do not need the dependency."
        )
    if settings.needs_share > 0 and settings.timeout_ms / 1e3 >= settings.patience_s:
        yield (
            "The caller waits for its dependency as long as its own clients wait for it, or longer. Its timeout comes "
            "too late for anybody."
        )
    below = settings.failure == "share" and settings.failure_share < settings.threshold
    if below and found["opened"].value:
        yield (
            f"{settings.failure_share * 100:.3g} % of calls fail, less than the threshold. The breaker opened "
            f"{found['opened'].value:.0f} times all the same: of {settings.window} calls there are by chance more."
        )
