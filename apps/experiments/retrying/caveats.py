"""What must a learner know before believing the figures of a run with retries?"""

from __future__ import annotations

from collections.abc import Iterator

from apps.experiments.retrying import theory
from apps.experiments.retrying.settings import Settings


def caveats_of_load(settings: Settings) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing about a load."""
    failing = settings.failure_share if settings.trigger == "failures" else 0.0
    asked = settings.offered_rps * theory.amplification(failing, settings.attempts, settings.depth)
    if settings.budget == 0 and asked >= settings.capacity_rps:
        yield (
            f"Unstable while calls fail: retries ask for {asked:,.4g} calls a second, the server does "
            f"{settings.capacity_rps:,.4g}. Its line grows for as long as the trigger lasts, and holds calls back."
        )
    if settings.settles_s() > settings.event_s / 2:
        yield (
            f"With these pauses the last retry of a request comes up to {settings.settles_s():,.3g} s after the first "
            "call. The trigger is too short to show all of them."
        )
    yield from _without_pause(settings)


def caveats_of_crowd(settings: Settings) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing about a crowd."""
    yield "These clients never give up. Attempts and budget have no effect on them."
    yield from _without_pause(settings)


def _without_pause(settings: Settings) -> Iterator[str]:
    if settings.jitter != "none" and settings.backoff == "none":
        yield "Jitter had no effect: without a backoff there is no pause to spread."
