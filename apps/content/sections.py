"""What does each section of a lesson say? The plain text under a heading, as a reader would search it."""

from __future__ import annotations

import re
from html import unescape

_HEADING = re.compile(r'<h([23]) id="([^"]+)">')
_TAGS = re.compile(r'<(?:[^<>"]|"[^"]*")*>')
_ALIKE = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2019": "'"})


def sections(html: str) -> dict[str, str]:
    """Return the text under every heading by the heading's address, that of the headings below it included."""
    starts = [(int(found[1]), found[2], found.start()) for found in _HEADING.finditer(html)]
    texts = {}
    for number, (level, name, start) in enumerate(starts):
        end = next((place for below, _, place in starts[number + 1 :] if below <= level), len(html))
        texts[name] = plain(_TAGS.sub(" ", html[start:end]))
    return texts


def plain(text: str) -> str:
    """Return a text in small letters, blanks folded, with plain hyphens and apostrophes."""
    return " ".join(unescape(text).translate(_ALIKE).lower().split())


def says(text: str, word: str) -> bool:
    """Return whether a text from `sections` holds a word or a beginning of one: "replica" is in "replicas".

    `word` may be several with a | between them: one of them is enough.
    """
    return any(re.search(rf"(?<!\w){re.escape(plain(one))}", text) for one in word.split("|"))
