"""What do some requests of an eviction run look like? Each comes to the cache; a miss goes on to the origin."""

from __future__ import annotations

import numpy as np

from apps.experiments.evictions.settings import Settings
from apps.experiments.film import MOST_VISITS, Film, Place, Sign, Visit, cut
from apps.simulator.caches.replay import Replay
from apps.simulator.caches.traces import Trace

SHOWN = MOST_VISITS // 3  # requests: each is at most three visits
BEFORE_SCAN = 60  # of them are shown before a scan begins
APART_S, WAY_S, LOOKUP_S, FETCH_S = 0.01, 0.006, 0.004, 0.04  # a trace has no time: this one is for the eye
TOLD = 40  # requests between two signs

CLIENTS, CACHE, ORIGIN = "clients", "cache", "origin"
PLACES = (
    Place(CLIENTS, "Clients", column=0, slots=0),
    Place(CACHE, "Cache", column=1, slots=0),
    Place(ORIGIN, "Origin", column=2, slots=0),
)


def film(settings: Settings, keys: Trace, found: Replay) -> Film | None:
    """Return the film of some requests after the warm-up; where there are scans, around the beginning of one."""
    start = first_shown(settings, keys)
    hits = found.hits[start : start + SHOWN].tolist()
    visits = [visit for number, hit in enumerate(hits) for visit in _visits(number, hit)]
    signs = [
        Sign(number * APART_S, CACHE, f"{sum(hits[number - TOLD : number])} of the last {TOLD} hit")
        for number in range(TOLD, len(hits), TOLD)
    ]
    if settings.trace == "scan":
        signs += [Sign(place * APART_S, CLIENTS, text) for place, text in _scans(settings, keys[start : start + SHOWN])]
    caption = f"{len(hits)} of {settings.requests:,} requests, from number {start + 1:,} on. A hit is answered by the "
    caption += (
        f"cache; a miss goes on to the origin, and its object enters the cache. {settings.name} says which leaves."
    )
    return cut(PLACES, ((CLIENTS, CACHE), (CACHE, ORIGIN)), visits, caption, signs=signs)


def first_shown(settings: Settings, keys: Trace) -> int:
    """Return the number of the first request of the film."""
    start = max(0, min(settings.warm_up, settings.requests - SHOWN))
    if settings.trace != "scan":
        return start
    begins = np.flatnonzero((keys[start + 1 :] >= settings.objects) & (keys[start:-1] < settings.objects))
    return max(0, start + int(begins[0]) + 1 - BEFORE_SCAN) if len(begins) else start


def _visits(number: int, hit: bool) -> list[Visit]:
    asked = number * APART_S
    came = asked + WAY_S
    left = came + LOOKUP_S
    visits = [
        Visit(number, CLIENTS, asked, asked, asked),
        Visit(number, CACHE, came, came, left, "hit" if hit else "miss"),
    ]
    reached = left + WAY_S
    return visits if hit else [*visits, Visit(number, ORIGIN, reached, reached, reached + FETCH_S, "miss")]


def _scans(settings: Settings, keys: Trace) -> list[tuple[int, str]]:
    """Return where scans begin and end among the requests shown."""
    scanned = keys >= settings.objects
    turns = np.flatnonzero(scanned[1:] != scanned[:-1]) + 1
    return [(int(turn), "a scan begins" if scanned[turn] else "the scan is over") for turn in turns]
