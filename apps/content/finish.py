"""What does clean HTML still need to be read well? Addresses of headings, and tables and code that can be scrolled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape

from apps.content.sanitise import LANGUAGES

_PARTS = re.compile(
    r"<h(?P<level>[234])>(?P<title>.*?)</h(?P=level)>|<table>|</table>|(?P<blank><th>\s*</th>)"
    r'|<div class="language-(?P<language>[a-z]+) highlight">(?:<span class="filename">[^<]*</span>)?<pre>'
    r'|<a href="(?P<abroad>https?://)',
    re.DOTALL,
)
OF_THE_PAGE = ("main", "announcer", "questions", "sources")  # ids that the page has besides the headings
_TAGS = re.compile(r'<(?:[^<>"]|"[^"]*")*>')


@dataclass(frozen=True, slots=True)
class Heading:
    """One entry of the table of contents."""

    level: int
    id: str
    title: str


@dataclass(slots=True)
class Finish:
    """The state of one page: which ids are taken and which headings it has. `plain` drops tokens from a text."""

    plain: Callable[[str], str]
    headings: list[Heading] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OF_THE_PAGE, 1))
    near: str = ""  # the last heading seen: what a table is called by

    def apply(self, html: str, *, listed: bool) -> str:
        """Return `html` with ids, links and regions. `listed`: its headings belong in the table of contents."""

        def replace(match: re.Match[str]) -> str:
            if match["level"]:
                return self._heading(int(match["level"]), match["title"], listed)
            if match["language"]:
                name = LANGUAGES[match["language"]]
                return f'{match[0][:-1]} role="group" tabindex="0" aria-label="Code: {name}">'  # the pre scrolls
            if match["blank"]:
                return "<td></td>"  # a corner: a heading without words is none
            if match["abroad"]:
                return f'<a rel="noopener" href="{match["abroad"]}'
            return "</table></div>" if match[0] == "</table>" else self._table()

        return _PARTS.sub(replace, html)

    def unique(self, wanted: str) -> str:
        """Return `wanted`, or `wanted-2` and so on, and keep it."""
        number = self.taken.get(wanted, 0) + 1
        self.taken[wanted] = number
        return wanted if number == 1 else self.unique(f"{wanted}-{number}")

    def _heading(self, level: int, html: str, listed: bool) -> str:
        title = words_of(self.plain(html))
        self.near = title
        if level == 4:
            return f"<h4>{html}</h4>"
        name = self.unique(slug_of(title))
        if listed:
            self.headings.append(Heading(level, name, title))
        label = escape(f"Link to: {title}")
        anchor = f'<a class="headerlink" href="#{name}" aria-label="{label}">#</a>'
        return f'<h{level} id="{name}">{html} {anchor}</h{level}>'

    def _table(self) -> str:
        label = escape(f"Table: {self.near}" if self.near else "Table")
        return f'<div class="scroll" role="region" tabindex="0" aria-label="{label}"><table>'


def words_of(html: str) -> str:
    """Return the text of a piece of HTML, blanks folded."""
    return " ".join(unescape(_TAGS.sub("", html)).split())


def slug_of(title: str) -> str:
    """Return a title as an address: plain small letters and digits, one hyphen between words."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    return "-".join(words)[:60].rstrip("-") or "section"
