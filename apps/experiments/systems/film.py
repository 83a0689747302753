"""What did the requests of a system look like? Clients, a box a replica, and a dot for each way through them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from math import inf
from typing import get_args

from apps.experiments.film import MOST_VISITS, Fate, Film, Place, Sign, Tone, Visit, cut
from apps.simulator.calls.report import FATES, MARKS, Report
from apps.simulator.calls.system import Change, System

CLIENTS = "Clients"
_FATES: tuple[Fate, ...] = tuple(fate for name in FATES for fate in get_args(Fate) if fate == name)
_TONES: dict[str, Tone] = {"breaker closed": "good", "breaker open": "bad", "breaker half-open": "plain"}


def film_of(system: System, report: Report, caption: str, start: float = 0.0) -> Film | None:
    """Return the film of a report's visits from `start` (seconds) on; the report has to have kept visits. None if
    there are none.

    A request is a dot. Where it is at several replicas at once (fan-out, hedges, work that goes on after a retry), each
    further one is a dot of its own. Between two tries a dot is with the clients.
    """
    columns = _depths(system)
    places = [Place(CLIENTS, CLIENTS, column=0, slots=0)]
    for name, service in system.services.items():
        for replica in range(service.replicas):
            where = _place(name, replica)
            places.append(Place(where, where, columns[name] + 1, replica, service.servers))
    visits = _visits(system, report, start)
    return cut(places, _ways(system), visits, caption, signs=_signs(system, report), start=start)


def _place(service: str, replica: int) -> str:
    return f"{service} {replica + 1}"


def _depths(system: System) -> dict[str, int]:
    """Return how many calls lie between the clients and each service, the longest way counted."""
    depths = dict.fromkeys(system.services, 0)
    for _ in system.services:
        for name, service in system.services.items():
            for stage in service.calls:
                for call in stage:
                    depths[call.to] = max(depths[call.to], depths[name] + 1)
    return depths


def _ways(system: System) -> list[tuple[str, str]]:
    def replicas(name: str) -> list[str]:
        return [_place(name, replica) for replica in range(system.services[name].replicas)]

    ways = [(CLIENTS, to) for to in replicas(system.entry.to)]
    for name, service in system.services.items():
        called = dict.fromkeys(call.to for stage in service.calls for call in stage)
        ways += [(a, b) for other in called for a in replicas(name) for b in replicas(other)]
    return ways


def _visits(system: System, report: Report, start: float) -> list[Visit]:
    rows = [row for row in report.visits.tolist() if row[6] >= start][:MOST_VISITS]
    times = [time for row in rows for time in row[4:7] if time < inf]
    end = max(times, default=start)
    dots = _Dots(system)
    for request, service, replica, attempt, came, began, left, fate in rows:
        left = min(left, end)
        visit = Visit(0, _place(dots.names[service], replica), came, min(began, left), left, _FATES[fate])
        dots.add(request, service, attempt, visit)
    return dots.visits


class _Dots:
    """Which dot makes which visit. Visits come in the order of `came`."""

    def __init__(self, system: System) -> None:
        self.names = list(system.services)
        self.entry, self.way_s = self.names.index(system.entry.to), system.latency_s
        self.callers: dict[int, set[int]] = defaultdict(set)
        self.called: dict[int, set[int]] = defaultdict(set)
        for number, service in enumerate(system.services.values()):
            self.called[number] = {self.names.index(call.to) for stage in service.calls for call in stage}
            for called in self.called[number]:
                self.callers[called].add(number)
        self.caller: dict[tuple[int, int], str] = {}  # by request and service: the place that called it last
        self.visits: list[Visit] = []
        self.last: dict[int, list[tuple[int, Visit]]] = defaultdict(list)  # by request: each dot's service and visit
        self.dots = 0

    def add(self, request: int, service: int, attempt: int, visit: Visit) -> None:
        """Add one visit, and before it the place from which its dot sets out, where that can be seen."""
        last = self.last[request]
        free = [n for n, (_, before) in enumerate(last) if before.left <= visit.came]
        straight = [n for n in free if last[n][0] in self.callers[service]]
        free = straight or free
        if free and not (service == self.entry and attempt == 0):
            before = last[free[-1]][1]
            dot, leaves = before.dot, max(before.left, visit.came - self.way_s)
            if service == self.entry:  # a further try: the client had it back meanwhile
                self._pass(dot, CLIENTS, before.left + self.way_s, leaves)
            elif not straight and (request, service) in self.caller:  # a further stage or try: its caller had it back
                self._pass(dot, self.caller[request, service], leaves, leaves)
            last[free[-1]] = (service, replace(visit, dot=dot))
        else:
            dot, self.dots = self.dots, self.dots + 1
            if service == self.entry and self.way_s:
                leaves = max(0.0, visit.came - self.way_s)
                self._pass(dot, CLIENTS, leaves, leaves)
            last.append((service, replace(visit, dot=dot)))
        for called in self.called[service]:
            self.caller[request, called] = visit.place
        self.visits.append(replace(visit, dot=dot))

    def _pass(self, dot: int, place: str, came: float, left: float) -> None:
        came = min(came, left)
        self.visits.append(Visit(dot, place, came, came, left))


def _signs(system: System, report: Report) -> list[Sign]:
    names, signs = list(system.services), []
    changes: dict[float, list[Change]] = defaultdict(list)
    for change in system.changes:
        changes[change.at_s].append(change)
    for at, service, what in report.marks.tolist():
        name = names[service]
        if MARKS[what] == "change":
            for change in changes[at]:
                if change.service == name:
                    signs += _told(system, change)
        else:
            text = MARKS[what].removeprefix("breaker ")
            signs += [Sign(at, place, f"breaker {text}", _TONES[MARKS[what]]) for place in _all(system, name)]
    return list(dict.fromkeys(signs))


def _all(system: System, name: str) -> list[str]:
    return [_place(name, replica) for replica in range(system.services[name].replicas)]


def _told(system: System, change: Change) -> list[Sign]:
    """Return what a change reads like at the places that it changes."""
    text, tone = _words(change)
    places = _all(system, change.service) if change.replica is None else [_place(change.service, change.replica)]
    return [Sign(change.at_s, place, text, tone) for place in places]


def _words(change: Change) -> tuple[str, Tone]:
    if change.gone:
        return "down", "bad"
    if change.added:
        return "added", "good"
    if change.speed == 0:
        return "stopped", "bad"
    if change.speed < 1:
        return f"{change.speed:g} × speed", "bad"
    if change.fails:
        return f"fails {change.fails:.0%}", "bad"
    return "back", "good"
