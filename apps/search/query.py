"""What was asked for? The words of a line of text, and how the database is asked for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apps.search.words import tokens, typed_words

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
        # Nearly every text holds a word that begins with a given letter: of one letter only names are worth a look.
        forms += [f"'{self.word}':*{'AB' if len(self.word) == 1 else only}"] if loosely and self.prefix else []
        return f"({' | '.join(forms)})"


@dataclass(frozen=True, slots=True)
class Query:
    """The terms to look for, all of them if that finds anything. `phrase` are the words as they were typed.

    `bound` are the words that were typed as one, as in Retry-After; they are wanted side by side.
    """

    terms: tuple[Term, ...]
    phrase: tuple[Term, ...] = ()
    bound: tuple[tuple[Term, ...], ...] = ()

    def asked(self, *, loosely: bool, joined: str = "&") -> str:
        """Return the query in the language of tsquery; words without a meaning count where they stand in names."""
        only = "" if any(term.stem for term in self.terms) else "AB"
        return f" {joined} ".join(term.asked(loosely=loosely, only=only) for term in self.terms)

    def asked_bound(self) -> str:
        """Return the same with the bound words side by side."""
        bound = {term for group in self.bound for term in group}
        single = [term.asked(loosely=True) for term in self.terms if term not in bound]
        return " & ".join([*single, *(f"({in_a_row(group, loosely=True)})" for group in self.bound)])


def in_a_row(terms: Iterable[Term], *, loosely: bool = False) -> str:
    """Return the terms one right after the other, in the language of tsquery."""
    return " <-> ".join(term.asked(loosely=loosely) for term in terms)


def words_of(line: str) -> list[str]:
    """Return the words of a cleaned line, each once, no more than MOST_WORDS."""
    return typed_words(line)[:MOST_WORDS]


def query_of(words: Iterable[str], stems: Mapping[str, str], prefixes: Iterable[str], line: str = "") -> Query:
    """Return the query for these words. Stop words are left out, unless there is nothing else to look for.

    Words that `line` binds together stay so.
    """
    prefixes = set(prefixes)
    terms = {word: Term(word, stems[word], word in prefixes) for word in words}
    compounds = [token.parts for token in tokens(line) if token.whole and not token.is_only_whole]
    bound = tuple(tuple(terms[part] for part in parts) for parts in compounds if terms.keys() >= set(parts))
    phrase = tuple(terms.values())
    return Query(tuple(term for term in phrase if term.stem) or phrase, phrase, bound)
