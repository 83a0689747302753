"""What stands in the book of a track? Its lessons in order, and the words that they use, each explained."""

from dataclasses import dataclass
from datetime import date

from apps.lessons.models import Lesson, Revision
from apps.lessons.shelf import Entry, Row, Shelf


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
class Term:
    """One word and what it means."""

    slug: str
    term: str
    means: str


@dataclass(frozen=True, slots=True)
class Book:
    """A track to be read in one go. `date` is that of its latest change."""

    row: Row
    chapters: tuple[Chapter, ...]
    terms: tuple[Term, ...]

    @property
    def date(self) -> date:
        return max(chapter.updated for chapter in self.chapters)


def read_book(shelf: Shelf, row: Row) -> Book | None:
    """Return the book of a track as the shelf has it, or None if it has no lesson yet. Two queries."""
    if not row.lessons:
        return None
    revisions = Revision.objects.in_bulk([entry.revision for entry in row.lessons])
    chapters = tuple(
        _chapter(number, entry, revisions[entry.revision]) for number, entry in enumerate(row.lessons, start=1)
    )
    concepts = {concept for revision in revisions.values() for concept in revision.front["concepts"]}
    return Book(row, chapters, _terms(row.slug, concepts))


def _chapter(number: int, entry: Entry, revision: Revision) -> Chapter:
    return Chapter(
        number,
        entry,
        revision.html,
        tuple((name, title) for level, name, title in revision.headings if level == 2),
        tuple(revision.front["sources"]),
        date.fromisoformat(revision.front["updated"]),
    )


def _terms(track: str, concepts: set[str]) -> tuple[Term, ...]:
    """Return the words that a track defines, and those that others define and it names as its concepts."""
    found = {
        slug: Term(slug, definition["term"], definition["means"])
        for of, glossary in Lesson.objects.listed().values_list("track__slug", "revision__front__glossary")
        for slug, definition in (glossary or {}).items()
        if of == track or slug in concepts
    }
    return tuple(sorted(found.values(), key=lambda term: term.term.lower()))
