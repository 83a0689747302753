"""Which words of a text show that it was found? The stretch with most of them, with the found words marked.

Every stretch of text is escaped here, one by one, so nothing in a lesson or a query can become HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString

from apps.search.query import Query, Term
from apps.search.vocabulary import Vocabulary

WIDTH = 190  # characters
LEAD = 50  # of them before the first found word
_LETTER = r"[^\W_]"
_SIGN = r"['’+.,:/‐‑-]?"  # may stand within a word with digits, as in N+1 and 99.95


def pattern_of(query: Query, vocabulary: Vocabulary) -> re.Pattern[str]:
    """Return what the words of a query look like in a text; the number of the group is that of the term."""
    terms = "|".join(f"({'|'.join(_forms(term, vocabulary))})" for term in query.terms)
    return re.compile(f"(?<!{_LETTER})(?:{terms})(?!{_LETTER})", re.IGNORECASE)


def _forms(term: Term, vocabulary: Vocabulary) -> Iterable[str]:
    """Yield the term and the other forms of its word; all longer words if it may be the beginning of one."""
    typed = _SIGN.join(term.word) if any(sign.isdigit() for sign in term.word) else term.word
    yield f"{typed}{_LETTER}*" if term.prefix else typed
    yield from vocabulary.forms.get(term.stem, ())


def excerpt(text: str, pattern: re.Pattern[str], width: int = WIDTH) -> SafeString:
    """Return the best stretch of a text as HTML; its beginning if nothing in it was found."""
    hits = [(*match.span(), match.lastindex or 0) for match in pattern.finditer(text)]
    start, end = _window(text, hits, width)
    parts, place = ["… "] if start else [], start
    for left, right, _ in hits:
        if start <= left and right <= end:
            parts += [escape(text[place:left]), "<mark>", escape(text[left:right]), "</mark>"]
            place = right
    parts += [escape(text[place:end].rstrip()), " …" if end < len(text) else ""]
    return SafeString("".join(parts))


def _window(text: str, hits: list[tuple[int, int, int]], width: int) -> tuple[int, int]:
    """Return where the stretch begins and ends: at blanks, with the most different terms, then the most hits."""
    if len(text) <= width:
        return 0, len(text)

    def richness(first: int) -> tuple[int, int]:
        begin = hits[first][0]
        within = [term for _, end, term in hits[first : first + 12] if end <= begin + width - LEAD]
        return len(set(within)), len(within)

    best = max(range(len(hits)), key=lambda first: (richness(first), -first), default=None)
    start = 0 if best is None or hits[best][0] < LEAD else _blank_after(text, hits[best][0] - LEAD)
    start = _blank_after(text, len(text) - width) if start > len(text) - width else start
    end = text.rfind(" ", start, start + width) if start + width < len(text) else len(text)
    return start, end if end > start else min(len(text), start + width)


def _blank_after(text: str, place: int) -> int:
    found = text.find(" ", place, place + LEAD - 1)
    return place if found < 0 else found + 1
