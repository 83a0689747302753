"""How do reads and writes use cache and database? One class a way to read, one function a way to write."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from random import Random

from apps.experiments.caches.client import Client
from apps.experiments.caches.entry import HEADER, body, pack
from apps.experiments.caches.journal import HIT, MISS, SHARED, Journal
from apps.experiments.caches.settings import Settings
from apps.experiments.caches.stampede import Flights, refresh_now
from apps.experiments.openloop import Serve

LIFE_S = 1.0  # of the copies that are to end in the event hot-key-expires


class Lifetime:
    """Draws how long each copy lives."""

    def __init__(self, settings: Settings, random: Random) -> None:
        self._ttl_s, self._spread = settings.ttl_s, settings.ttl_jitter
        self._grace_s, self._random = settings.grace_s, random
        self._forever_px = round(settings.redis_ttl_s * 1e3) or None

    def draw(self, now: float, *, brief: bool = False) -> tuple[float, int | None]:
        """Return when a copy stored `now` ends, and after how many milliseconds Redis drops it (None: never)."""
        if brief:
            lives = LIFE_S
        elif self._ttl_s == 0:
            return inf, self._forever_px
        else:
            lives = self._ttl_s * (1 + self._spread * (self._random.random() - 0.5))
        return now + lives, max(1, round((lives + self._grace_s) * 1e3))


class Through:
    """Reads through the cache; on a miss asks the database and stores the answer. Nothing stops a stampede."""

    def __init__(self, client: Client, journal: Journal, settings: Settings, flights: Flights, random: Random) -> None:
        self.client, self.journal, self.flights, self.random = client, journal, flights, random
        self.lifetime = Lifetime(settings, random)
        self._queues = settings.pattern == "write-behind"

    def read(self, i: int) -> None:
        """Carry out read number i and note what it found, and whether that was stale."""
        product = self.journal.products[i]
        newest = self.journal.newest.get(product, 0)
        if self.answer(i, product, self.client.look_up(product)) < newest:
            self.journal.stale[i] = 1

    def answer(self, i: int, product: int, copy: bytes | None) -> int:
        """Return the version that the reader gets, given the copy in the cache."""
        if copy is None:
            return self.load(i, product)
        self.journal.found[i] = HIT
        version: int = HEADER.unpack_from(copy)[0]
        return version

    def load(self, i: int, product: int) -> int:
        """Return the version in the database and store a copy."""
        self.journal.found[i] = MISS
        return self.fetch(i, product)

    def fetch(self, i: int, product: int) -> int:
        """Ask the database, store the answer and return its version."""
        client, journal = self.client, self.journal
        journal.load_begins(i)
        try:
            journal.asked_at[i] = began = client.now()
            # Before the table, for what leaves the queue is in the table by then.
            queued = client.queued(product) if self._queues else 0
            version, text = client.find(product)
            version, now = max(version, queued), client.now()
            ends_at, px = self.lifetime.draw(now, brief=product == journal.mortal)
            if not client.store(product, pack(version, ends_at, now - began, text), px):
                journal.refused[i] = 1  # full, and not allowed or able to evict: the read itself has its answer
            journal.filled_at[i] = client.now()
        finally:
            journal.load_ends(i)
        return version


class Direct(Through):
    """Asks the database each time."""

    def read(self, i: int) -> None:
        """Carry out read number i."""
        client, journal = self.client, self.journal
        product = journal.products[i]
        newest = journal.newest.get(product, 0)
        journal.found[i] = MISS
        journal.load_begins(i)
        journal.asked_at[i] = client.now()
        version, _ = client.find(product)
        journal.filled_at[i] = client.now()
        journal.load_ends(i)
        if version < newest:
            journal.stale[i] = 1


class SingleFlight(Through):
    """Lets one reader of a missing product ask the database; the others wait for its answer."""

    def load(self, i: int, product: int) -> int:
        """Return the version that this reader's query brought, or another's that was under way."""
        flight, mine = self.flights.join(product)
        if not mine:
            self.journal.found[i] = SHARED
            version = flight.wait()
            return version if version is not None else super().load(i, product)
        try:
            copy = self.client.look_up(product)  # it may have been stored since we looked
            flight.version = super().load(i, product) if copy is None else super().answer(i, product, copy)
            return flight.version
        finally:
            self.flights.land(product, flight)


class EarlyRefresh(Through):
    """Lets a reader refresh a copy before it ends, at random, the likelier the nearer the end (XFetch)."""

    def answer(self, i: int, product: int, copy: bytes | None) -> int:
        """Return the version that the reader gets: from the cache, or from the database if it refreshes early."""
        if copy is not None:
            _, ends_at, took_s = HEADER.unpack_from(copy)
            if ends_at < inf and refresh_now(took_s, ends_at - self.client.now(), 1 - self.random.random()):
                return self.load(i, product)
        return super().answer(i, product, copy)


class StaleWhileRevalidate(Through):
    """Answers with the expired copy at once; one of its readers then fetches a new one."""

    def read(self, i: int) -> None:
        """Carry out read number i, and after it the refresh if this reader is the one."""
        super().read(i)
        if self.journal.found[i] != HIT or not self._expired:
            return
        product = self.journal.products[i]
        flight, mine = self.flights.join(product)
        if not mine:
            return
        self.journal.answered_at[i] = self.client.now()
        try:
            copy = self.client.look_up(product)  # it may have been refreshed since we looked
            if copy is None or HEADER.unpack_from(copy)[1] <= self.client.now():
                self.fetch(i, product)
        finally:
            self.flights.land(product, flight)

    def answer(self, i: int, product: int, copy: bytes | None) -> int:
        """Return the version that the reader gets, and keep in mind whether the copy had expired."""
        self._expired = copy is not None and HEADER.unpack_from(copy)[1] <= self.client.now()
        return super().answer(i, product, copy)


READERS: dict[str, type[Through]] = {
    "none": Through,
    "single-flight": SingleFlight,
    "early-refresh": EarlyRefresh,
    "stale-while-revalidate": StaleWhileRevalidate,
}


def _update(reader: Through, i: int) -> None:
    reader.journal.asked_at[i] = reader.client.now()
    reader.client.update(reader.journal.products[i], reader.journal.version(i))


def _update_and_delete(reader: Through, i: int) -> None:
    _update(reader, i)
    reader.client.forget(reader.journal.products[i])


def _update_both(reader: Through, i: int) -> None:
    _update(reader, i)
    product = reader.journal.products[i]
    ends_at, px = reader.lifetime.draw(reader.client.now())
    if not reader.client.store(product, pack(reader.journal.version(i), ends_at, 0.0, body(product)), px):
        reader.journal.refused[i] = 1
        reader.client.forget(product)  # rather no copy than an old one


def _enqueue(reader: Through, i: int) -> None:
    product, version = reader.journal.products[i], reader.journal.version(i)
    ends_at, px = reader.lifetime.draw(reader.client.now())
    queued = reader.client.enqueue(product, version, pack(version, ends_at, 0.0, body(product)), px)
    if queued is False:
        reader.journal.refused[i] = 1
    if not queued:
        _update_and_delete(reader, i)  # full or away: then the database takes the write at once


WRITERS: dict[str, Callable[[Through, int], None]] = {
    "none": _update,
    "cache-aside": _update_and_delete,
    "read-through": _update,
    "write-through": _update_both,
    "write-behind": _enqueue,
}


def server(client: Client, journal: Journal, settings: Settings, flights: Flights, random: Random) -> Serve:
    """Return what carries out one request with this client."""
    reader = READERS[settings.stampede] if settings.cached else Direct
    reading, write = reader(client, journal, settings, flights, random), WRITERS[settings.pattern]
    read, writes, acknowledge = reading.read, journal.writes, journal.acknowledge

    def serve(i: int) -> None:
        if writes[i]:
            write(reading, i)
            acknowledge(i)
        else:
            read(i)

    return serve
