"""What was asked for? The words of a line of text, and how the database is asked for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apps.search.words import typed_words

LONGEST = 200  # characters
MOST_WORDS = 16
SHORTEST_PREFIX = 2


class QueryTooLong(ValueError):
    """Nobody looks for so many characters. The message says how many there may be."""


def clean(raw: str) -> str:
    """Return what was typed as one line without signs that cannot be seen. Raises QueryTooLong."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in raw).split())
    if len(line) > LONGEST:
        raise QueryTooLong(f"A search holds at most {LONGEST} characters; this one has {len(line):,}.")
    return line


@dataclass(frozen=True, slots=True)
class Term:
    """One word to look for: as it stands, by its stem ("" if it has none), as the beginning of a longer word."""

    word: str
    stem: str
    prefix: bool = False

    def asked(self, *, loosely: bool, only: str = "") -> str:
        """Return the term in the language of tsquery. `loosely`: longer words too; `only`: in these weights only."""
        forms = [f"'{self.word}':{only}" if only else f"'{self.word}'"]
        forms += [f"'~{self.stem}'"] if self.stem else []
        forms += [f"'{self.word}':*{only}"] if loosely and self.prefix else []
        return f"({' | '.join(forms)})"


@dataclass(frozen=True, slots=True)
class Query:
    """The terms to look for, all of them if that finds anything. `phrase` are the words as they were typed."""

    terms: tuple[Term, ...]
    phrase: tuple[Term, ...] = ()

    def asked(self, *, loosely: bool, joined: str = "&") -> str:
        """Return the query in the language of tsquery; words without a meaning count where they stand in names."""
        only = "" if any(term.stem for term in self.terms) else "AB"
        return f" {joined} ".join(term.asked(loosely=loosely, only=only) for term in self.terms)

    def asked_in_a_row(self) -> str:
        """Return the words one right after the other, in the language of tsquery."""
        return " <-> ".join(term.asked(loosely=False) for term in self.phrase)


def words_of(line: str) -> list[str]:
    """Return the words of a cleaned line, each once, no more than MOST_WORDS."""
    return typed_words(line)[:MOST_WORDS]


def query_of(words: Iterable[str], stems: Mapping[str, str], prefixes: Iterable[str]) -> Query:
    """Return the query for these words. Stop words are left out, unless there is nothing else to look for."""
    words, prefixes = list(words), set(prefixes)
    terms = tuple(Term(word, stems[word], word in prefixes) for word in words)
    return Query(tuple(term for term in terms if term.stem) or terms, terms)
