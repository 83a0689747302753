"""What does theory say about the hit ratio of this very run? Nothing where it has no exact or proven answer.

The tolerance is half of the run's own interval, and what the approximations were found to be off.
"""

from __future__ import annotations

from collections.abc import Callable

from apps.experiments.base import Expected
from apps.experiments.evictions.settings import Settings
from apps.simulator.caches import theory
from apps.simulator.caches.popularity import popularity
from apps.simulator.statistics import Estimate
from apps.simulator.streams import Floats

CHE = "Che's approximation for LRU, requests independent (Che, Tung, Wang 2002)"
GELENBE = "FIFO and random eviction, requests independent (Gelenbe 1973)"
LOOPED = "A loop longer than the cache: each object is evicted just before it is asked for again"
LOOPED_BELADY = "A loop of N objects: who sees the future keeps C - 1 of the N - 1 others"
LOOPED_RANDOM = "A loop of one object more than fits: the one that is missing is met after half a round"
ALL_FIT = "Everything fits: after the first round nothing is missed"

SLACK = 0.002  # how far Che and Gelenbe were from replays of caches of LEAST objects or more
LEAST = 30
SETTLED = {
    "lru": 1.5,
    "fifo": 3.0,
    "random": 3.0,
}  # characteristic times after which an empty cache is in its steady state
IN_TURN = ("lru", "fifo", "clock")  # policies that evict, of a loop, always the next one

Closed = Callable[[Floats, float], tuple[Floats, float]]
CLOSED: dict[str, tuple[Closed, str]] = {
    "lru": (theory.lru, CHE),
    "fifo": (theory.fifo, GELENBE),
    "random": (theory.random, GELENBE),
}


def expected(settings: Settings, found: dict[str, Estimate]) -> dict[str, Expected]:
    """Return theory by figure; `found` holds the hit ratio of each policy."""
    figures = {"hit_ratio": settings.policy, "lru_hit_ratio": "lru", "bound_hit_ratio": "optimal"}
    known = {figure: known_hit_ratio(settings, policy) for figure, policy in figures.items()}
    return {
        figure: Expected(answer[0], answer[1] + found[figures[figure]].half_width, answer[2])
        for figure, answer in known.items()
        if answer is not None
    }


def known_hit_ratio(settings: Settings, policy: str) -> tuple[float, float, str] | None:
    """Return the hit ratio of a policy, how far the formula may be off, and its source; None if there is no formula."""
    if settings.trace == "zipf":
        return _independent(settings, policy)
    return _looped(settings, policy) if settings.trace == "loop" else None


def _independent(settings: Settings, policy: str) -> tuple[float, float, str] | None:
    if policy not in CLOSED or not LEAST <= settings.capacity < settings.objects:
        return None
    closed, source = CLOSED[policy]
    share = popularity(settings.objects, settings.alpha)
    hit, characteristic = closed(share, settings.capacity)
    if characteristic * SETTLED[policy] > settings.warm_up:
        return None
    return theory.overall(share, hit), SLACK, source


def _looped(settings: Settings, policy: str) -> tuple[float, float, str] | None:
    objects, capacity = settings.objects, settings.capacity
    if settings.warm_up < 3 * objects:
        return None
    if settings.everything_fits:
        return 1.0, 0.0, ALL_FIT
    if policy in IN_TURN:
        return 0.0, 0.0, LOOPED
    if policy == "optimal":
        return (capacity - 1) / (objects - 1), SLACK, LOOPED_BELADY
    if policy == "random" and capacity == objects - 1:
        return 1 - 2 / (capacity + 1), SLACK, LOOPED_RANDOM
    return None
