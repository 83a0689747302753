"""Which words does a text hold? The answer is the same for what is searched and for what is typed.

Only letters and digits make words, so that `p99`, `C10K` and `gRPC` are one each and no sign means anything to the
database. `Retry-After` is two words and one; of `N+1` and `p99.9` only the whole is worth looking for.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

LONGEST_WORD = 60
_TOKEN = re.compile(r"[^\W_]+(?:['’+.,:/\u2010\u2011-][^\W_]+)*(?:\+\+|#)?")
_PART = re.compile(r"[^\W_]+")
_SIGNS = {"++": "plusplus", "#": "sharp"}


@dataclass(frozen=True, slots=True)
class Token:
    """A run of signs without a blank. `parts` are its words, `whole` all of them in one, "" if there is but one."""

    parts: tuple[str, ...]
    whole: str

    @property
    def is_only_whole(self) -> bool:
        """Whether the parts say too little to be looked for by themselves, as in N+1 or 99.95."""
        return bool(self.whole) and any(len(part) == 1 or part.isdecimal() for part in self.parts)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text in order."""
    for match in _TOKEN.finditer(text):
        if token := _token(match[0]):
            yield token


@lru_cache(maxsize=2**15)  # few words make up most of a text
def _token(run: str) -> Token | None:
    parts = [part for part in map(fold, _PART.findall(_without_possessive(run))) if part]
    if not parts:
        return None
    parts[-1] += next((word for sign, word in _SIGNS.items() if run.endswith(sign)), "")
    return Token(tuple(parts), "".join(parts)[:LONGEST_WORD] if len(parts) > 1 else "")


def fold(word: str) -> str:
    """Return a word in small letters without accents, cut to LONGEST_WORD; "" if nothing is left."""
    if word.isascii() and word.isalnum():  # nearly all are
        return word.lower()[:LONGEST_WORD]
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word)
    return "".join(sign for sign in word.casefold() if sign.isalnum())[:LONGEST_WORD]


def _without_possessive(token: str) -> str:
    return token[:-2] if len(token) > 3 and token[-2] in "'’" and token[-1] in "sS" else token


def placed_words(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield each word with its place, counted in words, and whether it is the whole of a compound.

    A whole stands where its first part does.
    """
    place = 0
    for token in tokens(text):
        if token.whole:
            yield place, token.whole, True
        for part in token.parts:
            yield place, part, False
            place += 1


def typed_words(text: str) -> list[str]:
    """Return the words to look for, in order, each once."""
    found: dict[str, None] = {}
    for token in tokens(text):
        found |= dict.fromkeys([token.whole] if token.is_only_whole else token.parts)
    return list(found)
