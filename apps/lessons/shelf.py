"""Which lessons can be read right now? A small index in memory, read again about once a second.

A page never waits for the index if it has one: whoever finds it old starts reading it anew and waits a moment at most.
So a database that is slow or away costs readers nothing; they get what was last known.
"""

import asyncio
import hashlib
import time
from dataclasses import dataclass, field

import structlog
from asgiref.sync import sync_to_async
from django.db import DatabaseError, InterfaceError, connection

from apps.lessons.models import Lesson, Track

FRESH_S = 1.0
PATIENCE_S = 0.25

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One lesson on the shelf. `revision` and `version` name the text and how it was rendered."""

    track: str
    slug: str
    title: str
    short: str
    summary: str
    minutes: int
    revision: int
    order: int  # the number in the name of its file
    labs: tuple[str, ...]  # those that are built
    requires: tuple[str, ...]  # track/slug of what to read first
    version: str

    @property
    def name(self):
        """Return track/slug."""
        return f"{self.track}/{self.slug}"


@dataclass(frozen=True, slots=True)
class Row:
    """One track with the lessons that exist. `parts` are headings, each with the order it begins at."""

    slug: str
    title: str
    summary: str
    parts: tuple[tuple[int, str], ...]
    lessons: tuple[Entry, ...]

    @property
    def minutes(self):
        """Return the reading time of the whole track."""
        return sum(entry.minutes for entry in self.lessons)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything that can be read. `stamp` differs as soon as anything on it does."""

    rows: tuple[Row, ...] = ()
    stamp: str = ""
    entries: dict[str, Entry] = field(default_factory=dict)

    def row(self, slug):
        """Return a track by its slug, or None."""
        return next((row for row in self.rows if row.slug == slug), None)


def read_shelf() -> Shelf:
    """Return the shelf as the database has it now: one query for tracks, one for lessons."""
    fields = ("track__slug", "slug", "title", "short", "summary", "revision__minutes", "revision_id", "order")
    front_fields = ("revision__front__labs", "revision__front__prerequisites")
    stamp_fields = ("revision__content_hash", "revision__renderer", "revision__rendered_at")
    entries = [
        Entry(*values[:8], tuple(values[8]), _full_names(values[0], values[9]), "-".join(map(str, values[10:])))
        for values in Lesson.objects.listed().values_list(*fields, *front_fields, *stamp_fields)
    ]
    rows = tuple(
        Row(*track, tuple(map(tuple, parts)), tuple(entry for entry in entries if entry.track == track[0]))
        for *track, parts in Track.objects.values_list("slug", "title", "summary", "parts")
    )
    stamp = hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
    return Shelf(rows, stamp, {entry.name: entry for entry in entries})


def _full_names(track: str, names: list[str]) -> tuple[str, ...]:
    return tuple(name if "/" in name else f"{track}/{name}" for name in names)


def read_shelf_apart() -> Shelf:
    """Return the shelf, read in a thread that no request waits for when it ends."""
    try:
        return read_shelf()
    finally:
        connection.close()


class Keeper:
    """Holds the shelf of this process and reads it anew, one reading at a time."""

    def __init__(self):
        self.shelf: Shelf | None = None
        self.read_at = 0.0
        self.reading: asyncio.Task | None = None

    async def get(self) -> Shelf:
        """Return the shelf. Raises DatabaseError only if there has never been one."""
        if self.shelf is not None and time.monotonic() - self.read_at < FRESH_S:
            return self.shelf
        if self.shelf is None:
            self.shelf, self.read_at = await sync_to_async(read_shelf)(), time.monotonic()
        elif self.reading is None or self.reading.done():
            self.reading = asyncio.create_task(self.read_again())
            await asyncio.wait([self.reading], timeout=PATIENCE_S)
        return self.shelf

    async def read_again(self) -> None:
        """Read the shelf; if the database is away, keep the last one and try again after a while."""
        try:
            self.shelf = await asyncio.to_thread(read_shelf_apart)
        except (DatabaseError, InterfaceError) as error:
            log.warning("shelf_not_read", error=str(error).strip())
        self.read_at = time.monotonic()

    def forget(self):
        """Read the shelf anew at the next request."""
        self.shelf, self.reading = None, None


keeper = Keeper()
