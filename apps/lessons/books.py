"""What stands in the book of a track? Its lessons in order, and the words that they use, each explained."""

import re
from dataclasses import dataclass
from datetime import date

from apps.lessons.glossary import Word, dictionary_of
from apps.lessons.models import Revision
from apps.lessons.shelf import Entry, Row, Shelf

_TERM = re.compile(r'href="/glossary/#([a-z0-9-]+)"')


@dataclass(frozen=True, slots=True)
class Chapter:
    """One lesson as it was written, with its place in the book."""

    number: int
    entry: Entry
    html: str
    headings: tuple[tuple[str, str], ...]  # id and title of its sections
    sources: tuple[dict, ...]
    updated: date

    @property
    def file(self) -> str:
        """Return the name of its file in an EPUB."""
        return f"{self.number:02}-{self.entry.slug}.xhtml"


@dataclass(frozen=True, slots=True)
class Book:
    """A track to be read in one go. `date` is that of its latest change."""

    row: Row
    chapters: tuple[Chapter, ...]
    terms: tuple[Word, ...]

    @property
    def term_slugs(self) -> frozenset[str]:
        """Return the slugs of the words that its glossary explains."""
        return frozenset(word.slug for word in self.terms)

    @property
    def date(self) -> date:
        return max(chapter.updated for chapter in self.chapters)


def read_book(shelf: Shelf, row: Row) -> Book | None:
    """Return the book of a track as the shelf has it, or None if it has no lesson yet."""
    if not row.lessons:
        return None
    revisions = Revision.objects.in_bulk([entry.revision for entry in row.lessons])
    chapters = tuple(
        _chapter(number, entry, revisions[entry.revision]) for number, entry in enumerate(row.lessons, start=1)
    )
    linked = {slug for chapter in chapters for slug in _TERM.findall(chapter.html)}
    return Book(row, chapters, tuple(word for word in dictionary_of(shelf).defined() if _belongs(word, row, linked)))


def _belongs(word: Word, row: Row, linked: set[str]) -> bool:
    """Return whether a track defines or teaches a word, or its text leads to it."""
    lessons = [*word.taught, *([word.owner] if word.owner else [])]
    return word.slug in linked or any(entry.track == row.slug for entry in lessons)


def _chapter(number: int, entry: Entry, revision: Revision) -> Chapter:
    return Chapter(
        number,
        entry,
        revision.html,
        tuple((name, title) for level, name, title in revision.headings if level == 2),
        tuple(revision.front["sources"]),
        date.fromisoformat(revision.front["updated"]),
    )
