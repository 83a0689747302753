"""What must a learner know before believing the figures of a run of fan-out and hedging?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from apps.experiments.tails.settings import LEAF, LEAST_FOR_P999, Settings
from apps.simulator.calls.report import Report
from apps.simulator.statistics import WARM_UP, Estimate

FULL = 0.985  # utilisation from which the leaves do not keep up


def caveats(settings: Settings, report: Report, figures: Mapping[str, Estimate]) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing."""
    busy = report.services[LEAF].utilisation.value
    if settings.queues and (busy > FULL or settings.utilisation >= 1):
        why = "" if settings.utilisation >= 1 else " The second calls did that: without them there would be time left."
        yield (
            "Unstable: the leaves do not keep up, and waits grow for as long as the run lasts. Every figure says how "
            f"long it was, here {report.seconds / (1 - WARM_UP):,.3g} s, and nothing else.{why}"
        )
    if settings.requests < LEAST_FOR_P999:
        yield (
            f"The slowest thousandth is {settings.requests * (1 - WARM_UP) / 1_000:.2g} pages: p99.9 is a matter of "
            f"chance. Simulate at least {LEAST_FOR_P999:,} pages to read it."
        )
    if settings.law == "two-point" and settings.hedge_after_ms >= settings.slow_ms:
        yield "The second call goes out when even a slow answer is back: it is never sent."
    elif settings.law == "two-point" and 0 < settings.hedge_after_ms < settings.leaf_ms:
        yield "The second call goes out before the usual answer is back, so every call is made twice."
