"""What must a learner know before believing the figures of a rate-limiting run?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from apps.experiments.limiters.evidence import Evidence
from apps.experiments.limiters.settings import Settings

COUNTS_OFF = 0.002


def caveats(
    settings: Settings, figures: Mapping[str, float], evidence: Evidence, *, generator_bound: bool
) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing."""
    if settings.virtual:
        whose = "Redis made them, told the time" if settings.on_redis else "The gateways made them in memory"
        yield f"Virtual clock: time was simulated, so there are no latencies. The decisions are real. {whose}."
    elif generator_bound:
        yield from _about_the_load(figures, evidence)
    if settings.algorithm == "leaky-bucket":
        yield (
            "Nothing is held back in this lab: a request in the queue is counted from the moment at which the queue "
            "lets it go."
        )
    if not settings.on_redis:
        yield "No server keeps the state, so bytes are not measured: eight for each number, all gateways together."
    if "race_window_us" in figures:
        yield (
            f"Redis is on this machine, so only {figures['race_window_us']:.0f} µs lie between a read and its write. "
            "Across a network it is a millisecond or so, and as many times more leaks through."
        )
    for what, (client, server) in evidence.counted.items():
        if abs(client - server) > max(1, COUNTS_OFF * client):
            yield f"Redis counted {server:,} {what}, we counted {client:,}. One of the two is wrong."


def _about_the_load(figures: Mapping[str, float], evidence: Evidence) -> Iterator[str]:
    if evidence.generator_late:
        yield (
            f"The load generator was late: one request in a hundred began {evidence.late_ms:.1f} ms or more after its "
            "time, with a connection free. Requests then come in clumps, and the latencies are partly our own."
        )
    missing = figures["offered"] - figures["admitted"] - figures["rejected"]
    if missing > 0:
        yield (
            f"{missing:,.0f} requests had no decision when the run ended: our own generator could not keep up. "
            "They count as offered, and as neither admitted nor rejected."
        )
