"""What must a learner know before believing the figures of a caching run?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from apps.experiments.caches.expectation import coarse_clock, stay_s
from apps.experiments.caches.journal import Reads
from apps.experiments.caches.settings import Settings
from apps.experiments.caches.theory import perfect_lfu
from apps.experiments.zipf import Floats, popularity

SLIP_MS = 1.0
ANSWERED = 0.99
KEYS_OFF = 0.03
COUNTS_OFF = 0.002


def caveats(
    settings: Settings,
    figures: Mapping[str, float],
    reads: Reads,
    slip: Floats,
    counted: Mapping[str, tuple[int, int]],
) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing."""
    yield from _about_the_load(settings, figures, slip)
    if settings.cached:
        yield from _about_the_cache(settings, figures, reads)
    for what, (client, server) in counted.items():
        if abs(client - server) > max(1, COUNTS_OFF * client):
            yield f"The server counted {server:,} {what}, we counted {client:,}. One of the two is wrong."


def _about_the_load(settings: Settings, figures: Mapping[str, float], slip: Floats) -> Iterator[str]:
    measured = slip[np.isfinite(slip)]
    late_ms = float(np.percentile(measured, 99)) * 1e3 if len(measured) else 0.0
    if late_ms > SLIP_MS:
        yield (
            f"The load generator was late: one read in a hundred began {late_ms:.1f} ms or more after its time, with a "
            "connection free. The machine was busy, and the latencies are partly its own, not the servers'."
        )
    offered, completed = figures["offered_per_s"], figures["completed_per_s"]
    if completed < ANSWERED * offered:
        yield (
            f"Of {offered:,.0f} reads a second only {completed:,.0f} were answered: {settings.clients} connections "
            "were not enough. Reads waited for a free one, and that wait is part of the latencies."
        )


def _about_the_cache(settings: Settings, figures: Mapping[str, float], reads: Reads) -> Iterator[str]:
    if coarse_clock(settings, settings.capacity):
        stay = stay_s(settings, settings.capacity)
        yield (
            "Redis notes the time of a read in whole seconds, and here a product that is not read stays only "
            f"{stay:.1f} s. Its LRU cannot tell old from recent well and loses some hits. Fewer reads a second or a "
            "larger cache would show the exact policy."
        )
    keys = figures.get("cached_keys")
    if keys is not None and abs(keys - settings.capacity) > max(2.0, KEYS_OFF * settings.capacity):
        yield (
            f"Redis held {keys:,.0f} products where {settings.capacity:,} were meant. "
            "Theory is computed with the real number."
        )
    if keys is None and settings.ttl_s == 0 and settings.capacity < settings.objects:
        yield "The cache was not full yet when the run ended, so nothing had been evicted. A longer run shows eviction."
    if settings.eviction == "volatile-ttl" and settings.ttl_s == 0:
        yield "No entry has a time to live, so volatile-ttl finds nothing that it may evict."
    if reads.refused:
        yield f"The full cache refused {reads.refused:,} writes. Those reads were answered, but not remembered."
    if settings.eviction == "allkeys-lfu" and keys is not None:
        bound = perfect_lfu(popularity(settings.objects, settings.alpha), keys)
        yield f"No choice of {keys:,.0f} products could answer more than {bound * 100:.0f} % of these reads."
    if settings.event == "flush" and "recovery_s" not in figures:
        yield "The hit ratio was not back within five points of its old level when the run ended."
