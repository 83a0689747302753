"""What must a learner know before believing the figures of a run of a gateway?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from apps.experiments.gateways.settings import Settings


def caveats(settings: Settings, figures: Mapping[str, float]) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing."""
    if not settings.stable:
        need = settings.admitted_rps * settings.held_s
        yield (
            f"Unstable: {settings.admitted_rps:,.3g} requests a second that hold a thread for "
            f"{settings.held_s * 1e3:.3g} ms need {need:.3g} threads, and there are {settings.all_threads}. The line "
            f"grows for as long as the run lasts, here {settings.duration_s:g} s, and so does every time."
        )
    if settings.direct and settings.limit_rps > 0:
        yield "Nobody keeps the limit: clients call the services themselves, and the limit is the gateway's."
    if settings.limited and settings.limit_store == "local" and settings.gateways > 1:
        yield (
            f"Each of the {settings.gateways} gateways counts for itself, so together they let "
            f"{settings.allowed_rps:,.4g} requests a second through, not {settings.limit_rps:,.4g}."
        )
