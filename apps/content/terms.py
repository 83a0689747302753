"""Where in a text do the words stand that the content defines? Whole words, the longest that fits, each once a page."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape

from apps.content import addresses
from apps.content.front import Definition

_WORD = re.compile(r"\w+")
_TAG = re.compile(r'(<(?:[^<>"]|"[^"]*")*>)')
_NAME = re.compile(r"</?([a-z][a-z0-9]*)")
_LEFT_ALONE = frozenset({"a", "code", "pre", "h2", "h3", "h4", "th", "kbd", "samp", "var", "abbr", "dfn"})


class Words:
    """The forms of all terms, ready to be found in a text: whole words, the longest form that fits."""

    def __init__(self, forms: Iterable[tuple[str, str]]) -> None:
        by_start: dict[str, list[tuple[str, str]]] = {}
        for form, slug in forms:
            if start := _WORD.match(form):
                by_start.setdefault(start[0].lower(), []).append((form, slug))
        self._starts = {
            start: [(_pattern(form), slug) for form, slug in sorted(group, key=lambda pair: -len(pair[0]))]
            for start, group in by_start.items()
        }

    def found(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield start, end and slug of every term in a text (or HTML without tags), from left to right."""
        passed = 0
        for word in _WORD.finditer(text):
            if word.start() < passed or text[max(0, word.start() - 1) : word.start()] in ("-", "&"):
                continue
            for pattern, slug in self._starts.get(word[0].lower(), ()):
                if match := pattern.match(text, word.start()):
                    passed = match.end()
                    yield match.start(), match.end(), slug
                    break


def _pattern(form: str) -> re.Pattern[str]:
    """Return what finds a form. One with a capital letter is a name and found as it is written: CAP is no cap."""
    words = [re.escape(escape(word, quote=False)).replace("'", "['’]") for word in form.split()]
    return re.compile(r"(?:\s|&nbsp;)+".join(words) + r"(?![\w]|-\w)", re.IGNORECASE if form == form.lower() else 0)


@dataclass(frozen=True, slots=True)
class Glossary:
    """All definitions by slug. `words` finds them; two glossaries with the same definitions are equal."""

    definitions: dict[str, Definition] = field(default_factory=dict)
    words: Words = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        forms = [(form, slug) for slug, word in self.definitions.items() for form in (word.term, *word.also)]
        object.__setattr__(self, "words", Words(forms))

    def key(self, text: str) -> str:
        """Return a short hash of the terms found in a text and how they are written: what its page has of them."""
        found = sorted({(slug, " ".join(text[start:end].split())) for start, end, slug in self.words.found(text)})
        return hashlib.sha256(repr(found).encode()).hexdigest()[:12]

    def mark(self, html: str) -> str:
        """Return HTML in which the first occurrence of each term in running text is a link to its definition."""
        parts, seen = _TAG.split(html), set[str]()
        apart: list[str] = []  # the open elements whose text is left alone
        for number, part in enumerate(parts):
            if number % 2 == 0:
                parts[number] = part if apart else self._marked(part, seen)
            elif (name := _NAME.match(part)) and name[1] in _LEFT_ALONE:
                apart = apart[:-1] if part.startswith("</") else [*apart, name[1]]
        return "".join(parts)

    def _marked(self, text: str, seen: set[str]) -> str:
        pieces, here = [], 0
        for start, end, slug in self.words.found(text):
            if slug not in seen:
                seen.add(slug)
                pieces.append(f'{text[here:start]}<a class="term" href="{addresses.term(slug)}">{text[start:end]}</a>')
                here = end
        return "".join(pieces) + text[here:]


EMPTY = Glossary()
