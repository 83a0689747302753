"""Where does a lesson stand among the others? What comes before and after it, also across the end of its track."""

from collections.abc import Set
from dataclasses import dataclass

from apps.lessons.shelf import Entry, Row, Shelf


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The lesson before or after. `row` is its track, if that is another one."""

    entry: Entry
    row: Row | None


@dataclass(frozen=True, slots=True)
class Place:
    """A lesson's place: part `number` of its track, its neighbours, and what to read first."""

    row: Row
    entry: Entry
    number: int
    previous: Neighbour | None
    next: Neighbour | None
    required: tuple[Entry, ...]


def place_of(shelf: Shelf, entry: Entry) -> Place:
    """Return the place of a lesson of the shelf. What it requires is listed as far as it can be read."""
    row = shelf.row(entry.track)
    every = [lesson for each in shelf.rows for lesson in each.lessons]
    at = every.index(entry)

    def neighbour(index: int) -> Neighbour | None:
        if not 0 <= index < len(every):
            return None
        other = every[index]
        return Neighbour(other, None if other.track == entry.track else shelf.row(other.track))

    required = tuple(shelf.entries[name] for name in entry.requires if name in shelf.entries)
    return Place(row, entry, row.lessons.index(entry) + 1, neighbour(at - 1), neighbour(at + 1), required)


@dataclass(frozen=True, slots=True)
class Line:
    """One lesson in the list of its track."""

    number: int
    entry: Entry
    required: tuple[Entry, ...]
    read: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """A track as its page lists it. `parts` are headings (one without words if there are none) with their lessons."""

    row: Row
    parts: tuple[tuple[str, tuple[Line, ...]], ...]
    read: int
    first_unread: Line | None

    @property
    def labs(self) -> int:
        """Return how many lessons hold a lab."""
        return sum(bool(entry.labs) for entry in self.row.lessons)

    @property
    def time(self) -> str:
        """Return the reading time of the track in words: 50 min, 1 h 50 min."""
        hours, minutes = divmod(self.row.minutes, 60)
        return " ".join(filter(None, [f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]))


def outline(shelf: Shelf, row: Row, read: Set[str]) -> Outline:
    """Return a track in its parts. `read` are the names of the lessons that somebody has read."""
    lines = [
        Line(number, entry, place_of(shelf, entry).required, entry.name in read)
        for number, entry in enumerate(row.lessons, start=1)
    ]
    starts = [*(row.parts or ((1, ""),)), (100, "")]
    parts = [
        (title, tuple(line for line in lines if first <= line.entry.order < starts[at + 1][0]))
        for at, (first, title) in enumerate(starts[:-1])
    ]
    unread = [line for line in lines if not line.read]
    return Outline(row, tuple(part for part in parts if part[1]), len(lines) - len(unread), next(iter(unread), None))
