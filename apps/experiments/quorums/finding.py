"""What did a quorum run find, in one sentence?"""

from __future__ import annotations

from apps.experiments.base import Outcome
from apps.experiments.params import Params
from apps.experiments.quorums.settings import Settings


def finding(params: Params, outcome: Outcome) -> str:
    """Return the result of a run as one plain sentence."""
    settings, figures = Settings.of(params), outcome.figures
    quorum, stale = f"With N={settings.n}, R={settings.r}, W={settings.w}", figures.get("stale_fraction")
    if "availability_during" in figures:
        share, stale = figures["availability_during"], figures.get("stale_during")
        read = "no read was answered" if stale is None else f"{_percent(stale)} of the answered reads were stale"
        return f"{quorum}, {_percent(share)} of the operations succeeded during the partition, and {read}."
    if stale is None:
        return f"{quorum}, no read was answered within {settings.timeout_ms:g} ms."
    when = f"{settings.read_after_ms:g} ms" if settings.read_after_ms else "right"
    return (
        f"{quorum}, {_percent(stale)} of the reads {when} after a write were stale; "
        f"99 of 100 reads took less than {figures['read_p99_ms']:.3g} ms{_writes(outcome)}."
    )


def _writes(outcome: Outcome) -> str:
    slowest = outcome.figures.get("write_p99_ms")
    return "" if slowest is None else f", writes {slowest:.3g} ms"


def _percent(share: float) -> str:
    """Return a share to three digits: "58.2 %", "0 %"."""
    return f"{share * 100:.3g} %"
