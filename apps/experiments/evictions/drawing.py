"""What is drawn of a run? The hit ratio as it goes on, over the size of the cache, and policy by policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest

import numpy as np

from apps.experiments.base import Point
from apps.experiments.evictions.settings import NAMES, Settings
from apps.simulator.caches import theory
from apps.simulator.caches.popularity import popularity
from apps.simulator.caches.replay import Replay, replay
from apps.simulator.caches.traces import Trace

POINTS = 150
SIZES = 12
CURVED = 500_000  # requests that the curves over the size are made of: more would not show
LINES = {"": "", "lru": "_lru", "optimal": "_optimal"}  # whose lines are drawn: the chosen policy's, and two beside it

Points = Mapping[str, Point]


def drawn(settings: Settings, keys: Trace, replays: Mapping[str, Replay], seed: int) -> Iterator[Points]:
    """Yield points, each of one moment, size and policy: they are drawn side by side."""
    parts = (over_time(settings, replays), over_sizes(settings, keys, seed), by_policy(replays))
    for group in zip_longest(*parts, fillvalue=dict[str, Point]()):
        yield {name: point for points in group for name, point in points.items()}


def over_time(settings: Settings, replays: Mapping[str, Replay]) -> Iterator[Points]:
    """Yield the hit ratio of each part of the run, and of all requests so far; x is the number of requests."""
    ends = np.unique(np.linspace(0, settings.requests, POINTS + 1).astype(int))
    sums = {
        suffix: np.concatenate([[0], np.cumsum(replays[policy or settings.policy].hits)])[ends]
        for policy, suffix in LINES.items()
    }
    for place in range(1, len(ends)):
        end, length = int(ends[place]), int(ends[place] - ends[place - 1])
        points: dict[str, Point] = {}
        for suffix, hits in sums.items():
            points[f"so_far{suffix}"] = (end, round(float(hits[place]) / end, 5))
            points[f"lately{suffix}"] = (end, round(float(hits[place] - hits[place - 1]) / length, 5))
        yield points


def sizes(settings: Settings) -> list[int]:
    """Return the sizes over which the curves are drawn: up to half of all objects, and the one that was set."""
    largest = max(2, settings.objects // 2)
    steps = np.geomspace(max(1, largest // 500), largest, SIZES).round().astype(int).tolist()
    return sorted({*steps, min(settings.capacity, 2 * largest)})


def over_sizes(settings: Settings, keys: Trace, seed: int) -> Iterator[Points]:
    """Yield hit ratios over the size of the cache, with what is known in closed form where requests are independent."""
    keys = keys[:CURVED]
    share = popularity(settings.objects, settings.alpha) if settings.trace == "zipf" else None
    for size in sizes(settings):
        found = {
            suffix: replay(policy or settings.policy, keys, size, warm_up=len(keys) // 3, seed=seed).hit_ratio
            for policy, suffix in LINES.items()
        }
        if share is not None:
            found["_most"] = theory.perfect_lfu(share, size)
            found["_che"] = theory.overall(share, theory.lru(share, size)[0])
            if settings.policy in ("fifo", "random"):
                found["_gelenbe"] = theory.overall(share, theory.fifo(share, size)[0])
        yield {f"at_size{suffix}": (size, round(ratio, 5)) for suffix, ratio in found.items()}


def by_policy(replays: Mapping[str, Replay]) -> Iterator[Points]:
    """Yield the hit ratio of each policy, one bar each."""
    for place, policy in enumerate(NAMES):
        yield {"policies": (place, round(replays[policy].hit_ratio, 5))}
