"""Which words do the lessons on the shelf define, and which of them are concepts?"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from threading import Lock

from apps.lessons.models import Revision
from apps.lessons.shelf import Entry, Shelf


@dataclass(frozen=True, slots=True)
class Word:
    """One definition. `owner` is the lesson that gives it; `taught` are those that have it among their concepts."""

    slug: str
    term: str
    means: str
    also: tuple[str, ...]
    owner: Entry | None
    taught: tuple[Entry, ...]

    @property
    def title(self) -> str:
        """Return the term as a heading."""
        return self.term[:1].upper() + self.term[1:]

    @property
    def letter(self) -> str:
        """Return under which letter it stands."""
        return self.title[0] if self.title[0].isalpha() else "0–9"


class Dictionary:
    """The words of one shelf by slug, in the order of the alphabet."""

    def __init__(self, shelf: Shelf):
        entries = {entry.revision: entry for entry in shelf.entries.values()}
        rows = Revision.objects.filter(pk__in=entries).values_list("pk", "front__concepts", "front__glossary")
        fronts = {pk: (concepts, glossary or {}) for pk, concepts, glossary in rows}
        self.concepts = {entry.name: tuple(fronts[pk][0]) for pk, entry in entries.items() if pk in fronts}
        found = {
            slug: (definition, entry)
            for pk, entry in reversed(entries.items())  # where two define it, the first one does
            for slug, definition in fronts.get(pk, ((), {}))[1].items()
        }
        taught: dict[str, list[Entry]] = {}
        for entry in entries.values():
            for slug in self.concepts.get(entry.name, ()):
                taught.setdefault(slug, []).append(entry)
        words = [_word(slug, *found.get(slug, ({}, None)), tuple(taught.get(slug, ()))) for slug in {**found, **taught}]
        self.words = {word.slug: word for word in sorted(words, key=lambda word: word.term.casefold())}

    def defined(self) -> list[Word]:
        """Return the words with a definition."""
        return [word for word in self.words.values() if word.means]

    def concept(self, slug: str) -> Word | None:
        """Return a word that some lesson has among its concepts, or None."""
        word = self.words.get(slug)
        return word if word and word.taught else None

    def concepts_of(self, entry: Entry) -> list[Word]:
        """Return the concepts of a lesson in its own order."""
        return [self.words[slug] for slug in self.concepts.get(entry.name, ())]


def _word(slug: str, definition: dict, owner: Entry | None, taught: tuple[Entry, ...]) -> Word:
    term = definition.get("term") or slug.replace("-", " ")
    return Word(slug, term, definition.get("means", ""), tuple(definition.get("also", ())), owner, taught)


class _Kept:
    """The dictionary of the last shelf that was asked for."""

    def __init__(self):
        self.stamp, self.dictionary, self.lock = "", None, Lock()


_kept = _Kept()


def dictionary_of(shelf: Shelf) -> Dictionary:
    """Return the words of a shelf; asks the database only when the shelf is another one."""
    with _kept.lock:
        if _kept.stamp != shelf.stamp:
            _kept.dictionary, _kept.stamp = Dictionary(shelf), shelf.stamp
        return _kept.dictionary


def by_letter(words: list[Word]) -> Iterator[tuple[str, list[Word]]]:
    """Yield each letter with its words."""
    for letter, group in groupby(words, key=lambda word: word.letter):
        yield letter, list(group)
