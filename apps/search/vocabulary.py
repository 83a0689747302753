"""Which words does the index hold? Read once for each state of the index and kept in memory, with their stems."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from threading import Lock

from django.db import connection
from django.db.models import Count, Max

from apps.search.index import stems_of
from apps.search.models import Document
from apps.search.spelling import Speller

Edition = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every word of the index with its stem, and in how many documents each stands."""

    edition: Edition
    counts: dict[str, int]
    stems: dict[str, str]
    known_stems: frozenset[str]
    speller: Speller = field(init=False)
    ordered: list[str] = field(init=False)
    forms: dict[str, list[str]] = field(init=False)  # by stem

    def __post_init__(self) -> None:
        object.__setattr__(self, "speller", Speller(self.counts))
        object.__setattr__(self, "ordered", sorted(self.counts))
        forms: dict[str, list[str]] = defaultdict(list)
        for word, stem in self.stems.items():
            if stem:
                forms[stem].append(word)
        object.__setattr__(self, "forms", dict(forms))

    def stems_for(self, words: list[str]) -> dict[str, str]:
        """Return the stem of each word, "" of a stop word; the database is asked about unknown words only."""
        known = {word: self.stems[word] for word in words if word in self.stems}
        unknown = [word for word in words if word not in known]
        return known | stems_of(unknown) if unknown else known

    def knows(self, word: str, stem: str) -> bool:
        """Return whether the index holds a word or another form of it."""
        return word in self.counts or (bool(stem) and stem in self.known_stems)

    def begins(self, word: str) -> bool:
        """Return whether a known word begins so."""
        place = bisect_left(self.ordered, word)
        return place < len(self.ordered) and self.ordered[place].startswith(word)


def edition() -> Edition:
    """Return what differs as soon as the index does: rows are only ever added and taken away."""
    state = Document.objects.aggregate(Count("pk"), Max("pk"))
    return state["pk__count"], state["pk__max"] or 0


def read(of: Edition) -> Vocabulary:
    """Return the words of the index as it is now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, ndoc FROM ts_stat('SELECT vector FROM search_document')")
        lexemes = cursor.fetchall()
    counts = {lexeme: count for lexeme, count in lexemes if lexeme[0] != "~"}
    known_stems = frozenset(lexeme[1:] for lexeme, _ in lexemes if lexeme[0] == "~")
    return Vocabulary(of, counts, stems_of(counts) if counts else {}, known_stems)


class Keeper:
    """Holds the vocabulary of this process. Whoever finds it old reads it anew; the others wait for that."""

    def __init__(self) -> None:
        self.held: Vocabulary | None = None
        self.reading = Lock()

    def get(self) -> Vocabulary:
        """Return the vocabulary of the index as it is now."""
        now = edition()
        if self.held is None or self.held.edition != now:
            with self.reading:
                if self.held is None or self.held.edition != now:
                    self.held = read(now)
        return self.held


keeper = Keeper()
