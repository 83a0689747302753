"""How does a content delivery network answer? Told one event at a time: the reference for the compiled engine.

A request comes to an edge. What is there and fresh is served at once; what is stale is served too, and fetched anew;
what is being fetched is waited for; all else is fetched, from the shield if there is one, or from the origin.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

from apps.simulator.cdn.draws import Requests
from apps.simulator.cdn.prewarm import Content
from apps.simulator.cdn.record import HIT, JOINED, MISS, STALE, Record
from apps.simulator.cdn.system import Cdn
from apps.simulator.kernel import Simulation

Then = Callable[[float], None]  # called with the moment at which the answer expires


@dataclass(slots=True)
class Entry:
    """One object in a cache. Its place is taken as soon as it is asked for, before it is there."""

    expires: float = -inf
    fetching: bool = False
    waiting: list[Then] = field(default_factory=list)


class Cache:
    """A cache that evicts what was asked for longest ago."""

    def __init__(self, capacity: int, content: Content) -> None:
        self.capacity = capacity
        stored = zip(content.items.tolist(), content.expires.tolist(), strict=True)
        self.entries: OrderedDict[int, Entry] = OrderedDict(
            (item, Entry(expires)) for item, expires in reversed(list(stored))
        )

    def touch(self, item: int) -> Entry:
        """Return the entry of an object, as the last one asked for; a new one if it was not there."""
        if item not in self.entries:
            if len(self.entries) == self.capacity:
                self.entries.popitem(last=False)
            self.entries[item] = Entry()
        self.entries.move_to_end(item)
        return self.entries[item]


class Story:
    """A content delivery network under way."""

    def __init__(self, cdn: Cdn, requests: Requests, filled: list[Content], record: Record) -> None:
        self.time, self.cdn, self.requests, self.record = Simulation(), cdn, requests, record
        self.edges = [Cache(cdn.edge_capacity, content) for content in filled[: cdn.edges]]
        self.shields = [Cache(cdn.shield_capacity, content) for content in filled[cdn.edges :]]  # one or none

    def run(self) -> None:
        """Answer all requests."""
        self.time.at(self.cdn.purge_at_s, self.purge)
        if len(self.requests.came):
            self.time.at(float(self.requests.came[0]), self.come, 0)
        self.time.run()

    def purge(self) -> None:
        for cache in self.edges + self.shields:
            cache.entries.clear()

    def come(self, number: int) -> None:
        if number + 1 < len(self.requests.came):
            self.time.at(float(self.requests.came[number + 1]), self.come, number + 1)

        def answered(expires: float) -> None:
            self.record.latency[number] = self.time.now - self.requests.came[number] + self.cdn.edge_s

        edge = self.edges[self.requests.edge[number]]
        fetch = self.fetch_by_shield if self.shields else self.fetch
        self.record.edge[number] = self.ask(edge, number, answered, fetch)

    def ask(self, cache: Cache, number: int, then: Then, fetch: Callable[[int, Then], None]) -> int:
        """Ask a cache for the object of a request, and return how it went."""
        entry, now = cache.touch(int(self.requests.item[number])), self.time.now
        if now < entry.expires + self.cdn.stale_s:
            then(entry.expires)
            if now < entry.expires:
                return HIT
            if not entry.fetching:
                self.fill(entry, number, fetch)
            return STALE
        if not entry.fetching:
            entry.waiting.append(then)
            self.fill(entry, number, fetch)
            return MISS
        if self.cdn.coalesce:
            entry.waiting.append(then)
            return JOINED
        fetch(number, then)
        return MISS

    def fill(self, entry: Entry, number: int, fetch: Callable[[int, Then], None]) -> None:
        entry.fetching = True

        def filled(expires: float) -> None:
            entry.expires, entry.fetching = expires, False
            waiting, entry.waiting = entry.waiting, []
            for then in waiting:
                then(expires)

        fetch(number, filled)

    def fetch_by_shield(self, number: int, then: Then) -> None:
        """Go to the shield, ask it, and come back."""
        self.time.after(self.cdn.half_hop_s, self.at_shield, number, then)

    def at_shield(self, number: int, then: Then) -> None:
        def go_back(expires: float) -> None:
            self.time.after(self.cdn.half_hop_s, then, expires)

        self.record.shield[number] = self.ask(self.shields[0], number, go_back, self.fetch)

    def fetch(self, number: int, then: Then) -> None:
        """Ask the origin; what it sends is fresh from its arrival on."""
        self.record.origin_at[number] = self.time.now
        self.time.after(self.cdn.origin_s, lambda: then(self.time.now + self.cdn.ttl_s))
