"""What must a learner know before believing the figures of a caching run?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from apps.experiments.caches.bursts import Burst
from apps.experiments.caches.expectation import coarse_clock, stay_s
from apps.experiments.caches.journal import Requests
from apps.experiments.caches.settings import Settings
from apps.experiments.openloop import late_ms
from apps.experiments.zipf import Floats, popularity
from apps.simulator.caches.theory import perfect_lfu

SLIP_MS = 1.0
ANSWERED = 0.99
KEYS_OFF = 0.03
COUNTS_OFF = 0.002


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run has shown, as far as its caveats depend on it."""

    settings: Settings
    figures: Mapping[str, float]
    requests: Requests
    slip: Floats
    counted: Mapping[str, tuple[int, int]]
    event_at_s: float | None
    bursts: Sequence[Burst]


def caveats(seen: Seen) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing."""
    yield from _about_the_load(seen)
    if seen.settings.cached:
        yield from _about_the_cache(seen)
        yield from _about_the_event(seen)
    for what, (client, server) in seen.counted.items():
        if abs(client - server) > max(1, COUNTS_OFF * client):
            yield f"The server counted {server:,} {what}, we counted {client:,}. One of the two is wrong."


def late(slip: Floats) -> bool:
    """Return whether the load generator itself was late."""
    return late_ms(slip) > SLIP_MS


def overloaded(seen: Seen) -> bool:
    """Return whether requests were left without an answer."""
    return seen.figures["completed_per_s"] < ANSWERED * seen.figures["offered_per_s"]


def too_few_clients(seen: Seen) -> bool:
    """Return whether a stampede was as high as there were connections: then those, not the readers, were its limit."""
    unguarded = seen.settings.stampede in ("none", "early-refresh")
    return unguarded and any(1 < seen.settings.clients <= burst.queries + 1 for burst in seen.bursts)


def _about_the_load(seen: Seen) -> Iterator[str]:
    if late(seen.slip):
        yield (
            f"The load generator was late: one request in a hundred began {late_ms(seen.slip):.1f} ms or more after "
            "its time, with a connection free. The machine was busy, and the latencies are partly its own."
        )
    if overloaded(seen):
        yield (
            f"Of {seen.figures['offered_per_s']:,.0f} requests a second only {seen.figures['completed_per_s']:,.0f} "
            f"were answered: {seen.settings.clients} connections and the servers behind them were not enough. Requests "
            "waited for a free one, and that wait is part of the latencies. No theory is shown for such a run."
        )
    if too_few_clients(seen):
        yield (
            f"All {seen.settings.clients} connections recomputed the same product. The readers that came then had to "
            "wait for a free one, so the spike is cut off there. Use more connections to see its full height."
        )


def _about_the_cache(seen: Seen) -> Iterator[str]:
    settings = seen.settings
    if coarse_clock(settings, settings.capacity):
        stay = stay_s(settings, settings.capacity)
        yield (
            "Redis notes the time of a read in whole seconds, and here a product that is not read stays only "
            f"{stay:.1f} s. Its LRU cannot tell old from recent well and loses some hits. Fewer requests a second or a "
            "larger cache would show the exact policy."
        )
    keys = seen.figures.get("cached_keys")
    if keys is not None and abs(keys - settings.capacity) > max(2.0, KEYS_OFF * settings.capacity):
        yield (
            f"Redis held {keys:,.0f} products where {settings.capacity:,} were meant. "
            "Theory is computed with the real number."
        )
    if keys is None and settings.ttl_s == 0 and settings.capacity < settings.objects:
        yield "The cache was not full yet when the run ended, so nothing had been evicted. A longer run shows eviction."
    if settings.eviction == "volatile-ttl" and settings.ttl_s == 0:
        yield "No entry has a time to live, so volatile-ttl finds nothing that it may evict."
    if seen.requests.refused:
        yield f"The full cache refused {seen.requests.refused:,} copies. Those requests were served all the same."
    if settings.eviction == "allkeys-lfu" and keys is not None:
        bound = perfect_lfu(popularity(settings.objects, settings.alpha), keys)
        yield f"No choice of {keys:,.0f} products could answer more than {bound * 100:.0f} % of these reads."
    if settings.guards_queue:
        yield (
            f"Redis ran with {settings.policy}, so that it evicts products and never the queue of unflushed writes. "
            "An allkeys policy may evict the queue, and then acknowledged writes are gone without any crash."
        )


def _about_the_event(seen: Seen) -> Iterator[str]:
    event = seen.settings.event
    if event in ("flush", "redis-down") and "recovery_s" not in seen.figures:
        yield "The hit ratio was not back within five points of its old level when the run ended."
    if event == "hot-key-expires" and seen.event_at_s is None:
        yield "The full cache refused to store the hottest product just before the event, so no copy could end then."
    elif event == "hot-key-expires" and not seen.bursts:
        yield "Nobody asked the database for the hottest product after its copy had ended."
