"""How many readers recompute the hottest product when its copy ends? Its queries, cut into bursts that overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from apps.experiments.base import Expected
from apps.experiments.caches.journal import Requests
from apps.experiments.caches.judge import Span
from apps.experiments.caches.patterns import LIFE_S
from apps.experiments.caches.settings import Settings
from apps.experiments.caches.stampede import BETA
from apps.experiments.zipf import popularity

CONFIDENCE = 1.96  # standard deviations: 95 of 100 runs
EARLY = "e^(1/β) = 2.7 with β = 1, whatever the traffic (after Vattani and others 2015), for queries as long as these"
SLOWED = 2.0  # times as long as the query before: then the crowd itself decides
LOOSE = 0.05  # share: the trips to the cache before and after the query widen the gap a little
ENOUGH = 0.75  # of the connections, for readers of one product: the others are read meanwhile


@dataclass(frozen=True, slots=True)
class Burst:
    """Queries for one product that overlap: when the first began, how many, how long until the first answer was in
    the cache, and how long the query took whose answer stayed there. In seconds."""

    began: float
    queries: int
    first_s: float
    last_s: float


def bursts(requests: Requests, product: int) -> list[Burst]:
    """Return the bursts of queries by readers of a product, in order of time."""
    mine = (requests.products == product) & ~requests.writes & np.isfinite(requests.asked)
    asked, filled = requests.asked[mine], np.nan_to_num(requests.filled[mine], nan=np.inf)
    order = np.argsort(asked)
    asked, filled = asked[order], filled[order]
    if not len(asked):
        return []
    free_at = np.maximum.accumulate(filled)
    starts = np.flatnonzero(np.concatenate([[True], asked[1:] >= free_at[:-1]]))
    found = []
    for first, end in zip(starts.tolist(), [*starts[1:].tolist(), len(asked)], strict=True):
        last = first + int(np.argmax(filled[first:end]))
        first_s, last_s = float(filled[first:end].min() - asked[first]), float(filled[last] - asked[last])
        found.append(Burst(float(asked[first]), end - first, first_s, last_s))
    return found


def of_expiries(
    settings: Settings, requests: Requests, product: int, event_at: float | None, span: Span
) -> list[Burst]:
    """Return the bursts that the end of the hottest product's copy set off: from the event on, or else at each end of
    its time to live within `span`. One that had no answer in the end is left out."""
    everything = [burst for burst in bursts(requests, product) if np.isfinite(burst.last_s)]
    if settings.event == "hot-key-expires":
        return [burst for burst in everything if event_at is not None and burst.began >= event_at - LIFE_S / 2]
    if settings.ttl_s == 0 or settings.writes_per_s or settings.event != "none":
        return []
    return [burst for burst in everything if span[0] <= burst.began < span[1]]


def expected_queries(settings: Settings, seen: Sequence[Burst], took_s: float | None) -> Expected | None:
    """Return theory about the mean number of queries a burst, None if there is none.

    λ is the rate at which the hottest product is read, δ the time until the first answer was in the cache. `took_s` is
    what the query for the first copy took.
    """
    if settings.stampede in ("single-flight", "stale-while-revalidate"):
        return Expected(1.0, 0.0, "One reader recomputes, the others are served or wait")
    if settings.writes_per_s or not seen:
        return None
    rate = float(popularity(settings.objects, settings.alpha)[0]) * settings.reads_per_s
    if settings.stampede == "early-refresh":
        return _early(rate, seen, [took_s or seen[0].last_s, *(burst.last_s for burst in seen[:-1])])
    waiting = rate * float(np.mean([burst.first_s for burst in seen]))
    chance = (CONFIDENCE * sqrt(waiting * len(seen)) + 1) / len(seen) + LOOSE * (1 + waiting)
    if 1 + waiting > ENOUGH * settings.clients:
        return None
    return Expected(1 + waiting, chance, "1 + λδ: who comes until the first answer is stored asks as well")


def _early(rate: float, seen: Sequence[Burst], carried: Sequence[float]) -> Expected | None:
    """Return theory about bursts of early refreshes, None if the queries slowed each other too much.

    A copy carries the time δ of the query that made it. With `left` to its end a read refreshes it with probability
    e^(−left/βδ), so refreshes come at the rate λ e^(−left/βδ), which adds up to Λ = λβδ at the end. The first comes
    when it has added up to an exponential number E; until its answer is there, δ' later, E (e^(δ'/βδ) − 1) others
    follow. With δ' = δ and a large Λ that is e^(1/β) in all. Beyond the end every read refreshes.
    """
    if sum(burst.first_s for burst in seen) > SLOWED * sum(carried):
        return None
    first = np.linspace(0.0005, 12, 4_000)  # E; its density beyond is nothing
    density = np.exp(-first) / np.exp(-first).sum()
    means, variance = 0.0, 0.0
    for burst, took in zip(seen, carried, strict=True):
        left = BETA * took * np.log(np.maximum(rate * BETA * took / first, 1.0))
        before = first * np.expm1(np.minimum(burst.first_s, left) / (BETA * took))
        others = before + rate * np.maximum(0.0, burst.first_s - left)
        mean = float(others @ density)
        means, variance = means + mean, variance + mean + float((others - mean) ** 2 @ density)
    count = len(seen)
    chance = (CONFIDENCE * sqrt(variance) + 1) / count + LOOSE * (1 + means / count)
    return Expected(1 + means / count, chance, EARLY)
