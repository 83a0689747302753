"""What must a learner know before believing the figures of a quorum run?"""

from __future__ import annotations

from collections.abc import Iterator

from apps.experiments.quorums.expectation import CROWDED
from apps.experiments.quorums.settings import Settings
from apps.simulator.quorums.run import Report


def caveats(settings: Settings, report: Report) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing."""
    if settings.partition != "none":
        yield (
            "Figures of the whole run mix the time of the partition with the time around it; those that say “while "
            "cut” do not. Messages that would have to cross are lost, and nobody sends them again."
        )
    if settings.crowding >= CROWDED:
        yield (
            f"Some {settings.crowding:.2g} other writes to the same object are on their way between a write and its "
            "read. Theory of a single write does not hold then: a newer one may be read, or missed."
        )
    failed = int((report.written() == 0).sum())
    if failed and settings.w > 1:
        yield (
            f"{failed:,} writes failed for want of acknowledgements. A failed write may still be on some copies, and a "
            "later read may return it: failed means unknown, not undone."
        )
    if settings.send_to == "quorum" and settings.w < settings.n:
        yield "Copies that a write was not sent to learn of it only by read repair, or never."
