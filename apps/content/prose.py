"""How does Markdown become HTML? Rendered, then sanitised, and only then given what we made ourselves.

What we make (blocks, formulas) waits under random tokens that no author can guess, so nothing trusted has to pass the
sanitiser and nothing untrusted gets round it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from html import escape
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from apps.content.sanitise import sanitise

MakeMath = Callable[[str, bool], str]  # LaTeX, display
LinkTo = Callable[[str], str | None]  # what stands behind "lesson:" to an address, None if there is no such lesson

_INLINE_MATH = r"(?<![\\$\w])\$(?![\s$])((?:[^$\\\n]|\\.)+?)(?<![\s\\])\$(?![\w$])"
_UNIT_GAP = r"(?<=\d)[ \n](?=(?:%|[nµm]?s|min|h|[KMGT]i?B|B|[km]?m)(?![\w/-]))"
_DISPLAY_MATH = r"(?<!\\)\$\$\s*((?:[^$\\]|\\.)+?)\s*\$\$"
_TAG = re.compile(r'(<(?:[^<>"]|"[^"]*")*>)')
_EXTENSIONS = ["tables", "sane_lists", "smarty", "pymdownx.superfences", "pymdownx.highlight"]
_SETTINGS = {
    "tables": {"use_align_attribute": True},
    "smarty": {"smart_dashes": False},  # “quotation marks”, apostrophes, dots; dashes are as the author typed them
    "pymdownx.highlight": {"guess_lang": False, "pygments_lang_class": True},
}


class Pieces:
    """Trusted HTML under tokens. One set for one rendering."""

    def __init__(self) -> None:
        self.nonce = "t" + secrets.token_hex(8)
        self._items: list[str] = []
        self._token = re.compile(self.nonce + r"b?(\d+)e")
        self._paragraph = re.compile(rf"<p>\s*{self.nonce}b(\d+)e\s*</p>")

    def put(self, html: str) -> str:
        """Return the token under which a piece of a line waits."""
        self._items.append(html)
        return f"{self.nonce}{len(self._items) - 1}e"

    def put_block(self, html: str) -> str:
        """Return the token under which something waits that takes the place of a whole paragraph."""
        return self.nonce + "b" + self.put(html).removeprefix(self.nonce)

    def restore_blocks(self, html: str) -> str:
        """Return `html` with every paragraph that is one block's token replaced by what waits under it."""
        return self._paragraph.sub(self._item, html)

    def restore_inline(self, html: str) -> str:
        """Return `html` with the tokens in its text replaced; one within a tag's attributes is dropped."""
        if self.nonce not in html:
            return html
        parts = _TAG.split(html)
        return "".join(self._token.sub("" if number % 2 else self._item, part) for number, part in enumerate(parts))

    def drop(self, html: str) -> str:
        """Return `html` without tokens."""
        return self._token.sub("", html)

    def _item(self, match: re.Match[str]) -> str:
        return self._items[int(match[1])]


class _Math(InlineProcessor):  # type: ignore[misc]  # the package has no types
    def __init__(self, pattern: str, markdown: Markdown, pieces: Pieces, make: MakeMath, display: bool) -> None:
        super().__init__(pattern, markdown)
        self.pieces, self.make, self.display = pieces, make, display

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # noqa: N802
        return self.pieces.put(self.make(m[1], self.display)), m.start(0), m.end(0)


class _UnitGaps(InlineProcessor):  # type: ignore[misc]  # the package has no types
    """Keeps a number and its unit on one line, as in 98 % or 10 ms."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # noqa: N802
        return "\u00a0", m.start(0), m.end(0)


class _LessonLinks(Treeprocessor):  # type: ignore[misc]
    def __init__(self, markdown: Markdown, link_to: LinkTo) -> None:
        super().__init__(markdown)
        self.link_to = link_to

    def run(self, root: Element) -> None:
        """Turn `lesson:` addresses into real ones. A dead one loses its address and stays as text."""
        for link in root.iter("a"):
            reference = link.get("href", "")
            if reference.startswith("lesson:"):
                address = self.link_to(reference.removeprefix("lesson:"))
                link.attrib.update({"href": address} if address else {})
                if not address:
                    del link.attrib["href"]


class Converter:
    """Turns Markdown into sanitised HTML in which tokens of `pieces` still stand. Belongs to one rendering, and so to
    one thread: it is made once, which takes longer than a paragraph, and forgets what it read after each text."""

    def __init__(self, pieces: Pieces, link_to: LinkTo) -> None:
        self._markdown = markdown = Markdown(extensions=_EXTENSIONS, extension_configs=_SETTINGS)
        self._make_math: MakeMath = lambda latex, display: ""
        markdown.ESCAPED_CHARS.append("$")
        patterns = markdown.inlinePatterns  # after code in backticks (190), before backslash escapes (180)
        patterns.register(_Math(_DISPLAY_MATH, markdown, pieces, self._math, True), "display_math", 186)
        patterns.register(_Math(_INLINE_MATH, markdown, pieces, self._math, False), "inline_math", 185)
        patterns.register(_UnitGaps(_UNIT_GAP, markdown), "unit_gaps", 60)  # last: what is code or a link is set by now
        markdown.treeprocessors.register(_LessonLinks(markdown, link_to), "lesson_links", 1)

    def html(self, text: str, make_math: MakeMath) -> str:
        """Return the HTML of a text, its formulas made by `make_math`."""
        self._make_math = make_math
        try:
            return sanitise(self._markdown.reset().convert(text))
        except RecursionError:
            return f"<pre>{escape(text)}</pre>"

    def _math(self, latex: str, display: bool) -> str:
        return self._make_math(latex, display)
