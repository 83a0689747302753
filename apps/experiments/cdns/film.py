"""What do requests to a content delivery network look like? Dots that go as far as they must, and back."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

import numpy as np

from apps.experiments.cdns.settings import Settings
from apps.experiments.film import MOST_VISITS, Fate, Film, Place, Sign, Visit, cut
from apps.simulator.cdn.record import HIT, JOINED, NOT_ASKED, STALE
from apps.simulator.cdn.run import Report

CLIENTS, SHIELD, ORIGIN = "clients", "shield", "origin"
SHOWN = 85  # requests, of seven visits at most
TRIPS = 12.0  # so many of the longest ways fit into the film
BEFORE = 0.25  # of the film: what is shown before the purge


def film(settings: Settings, report: Report) -> Film | None:
    """Return the film of one request in some, at the beginning of the run or around the purge."""
    length_s = TRIPS * (settings.edge_ms + settings.shield_ms + settings.origin_ms) / 1e3
    start = max(0.0, settings.event_at_s - BEFORE * length_s) if settings.event == "purge" else 0.0
    came = report.requests.came
    first, last = np.searchsorted(came, [start, start + max(length_s, SHOWN / settings.rps)])
    every = max(1, int(last - first) // SHOWN)
    numbers = range(int(first), int(last), every)
    way = [*(edge_name(edge) for edge in range(settings.edges))]
    middle = (settings.edges - 1) // 2
    places = [
        Place(CLIENTS, "Clients", column=0, row=middle, slots=0),
        *(Place(name, f"Edge {edge + 1}", column=1, row=edge, slots=0) for edge, name in enumerate(way)),
        *([Place(SHIELD, "Shield", column=2, row=middle, slots=0)] if settings.shielded else []),
        Place(ORIGIN, "Origin", column=3 if settings.shielded else 2, row=middle, slots=0),
    ]
    behind = SHIELD if settings.shielded else ORIGIN
    ways = [(CLIENTS, name) for name in way] + [(name, behind) for name in way]
    ways += [(SHIELD, ORIGIN)] if settings.shielded else []
    caption = f"One in {every:,} of the requests" if every > 1 else f"{len(numbers)} requests, one by one"
    visits = [visit for number in numbers for visit in _way(settings, report, number)]
    return cut(places, ways, visits[:MOST_VISITS], caption, signs=_signs(settings), start=start)


def edge_name(edge: int) -> str:
    """Return the name of the place of an edge."""
    return f"edge-{edge}"


def _way(settings: Settings, report: Report, number: int) -> Iterator[Visit]:
    """Yield where a request was. It is coloured where it was answered: a hit, a stale copy, or a miss at the origin."""
    record, cdn = report.record, report.cdn
    came, edge = float(report.requests.came[number]), edge_name(int(report.requests.edge[number]))
    fate, left = int(record.edge[number]), came + float(record.latency[number]) - cdn.edge_s
    half = cdn.edge_s / 2
    yield Visit(number, CLIENTS, max(0.0, came - half), max(0.0, came - half), max(0.0, came - half))
    if fate in (HIT, STALE, JOINED):
        colour: Fate = "hit" if fate == HIT else "stale" if fate == STALE else "miss"
        yield Visit(number, edge, came, left, left, colour)
        yield Visit(number, CLIENTS, left + half, left + half, left + half, colour)
        return
    yield Visit(number, edge, came, came, came, "miss")
    colour = "miss"
    if record.shield[number] != NOT_ASKED:
        shield, back = came + cdn.half_hop_s, left - cdn.half_hop_s
        colour = "hit" if record.shield[number] in (HIT, STALE) else "miss"
        if isnan(record.origin_at[number]) or colour == "hit":
            yield Visit(number, SHIELD, shield, back, back, colour)
        else:
            yield Visit(number, SHIELD, shield, shield, shield, "miss")
            yield from _at_origin(number, shield, back)
            yield Visit(number, SHIELD, back, back, back, "miss")
    else:
        yield from _at_origin(number, came, left)
    yield Visit(number, edge, left, left, left, colour)
    yield Visit(number, CLIENTS, left + half, left + half, left + half, colour)


def _at_origin(number: int, asked: float, answered: float) -> Iterator[Visit]:
    """Yield the visit of the origin: the fixed latency is half way there, half way back."""
    middle = (asked + answered) / 2
    yield Visit(number, ORIGIN, middle, middle, middle, "miss")


def _signs(settings: Settings) -> Iterator[Sign]:
    """Yield that all caches are emptied."""
    if settings.event == "purge":
        names = [edge_name(edge) for edge in range(settings.edges)] + ([SHIELD] if settings.shielded else [])
        for name in names:
            yield Sign(settings.event_at_s, name, "purged", "bad")
