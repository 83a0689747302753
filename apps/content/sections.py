"""What does a lesson say, section by section, in plain words? No drawing, no form, no answer of a quiz."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

SKIPPED = {"svg", "form", "button", "script", "style"}
SKIPPED_CLASSES = {"quiz", "lab", "headerlink"}
INLINE = {"a", "abbr", "b", "code", "dfn", "em", "i", "kbd", "samp", "small", "span", "strong", "sub", "sup"}
INLINE |= {"math", "mfrac", "mi", "mn", "mo", "mover", "mrow", "mspace", "msqrt", "msub", "msubsup", "msup", "mtext"}
INLINE |= {"munder", "munderover"}
CELLS = {"td", "th"}


@dataclass(slots=True)
class Section:
    """One section up to the next heading of any level; what stands before the first has neither id nor title."""

    id: str = ""
    title: str = ""
    text: str = ""
    level: int = 1


def sections_of(html: str) -> list[Section]:
    """Return the sections of a rendered lesson in order, the first being what stands above every heading."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [Section(one.id, _folded(one.title), _folded(one.text), one.level) for one in reader.sections]


def whole_sections(html: str) -> dict[str, str]:
    """Return heading and text of each section by its address, those of the headings below it included."""
    found = sections_of(html)
    texts = {}
    for number, one in enumerate(found):
        end = next((at for at in range(number + 1, len(found)) if found[at].level <= one.level), len(found))
        texts[one.id] = " ".join(f"{each.title} {each.text}" for each in found[number:end])
    return {name: text for name, text in texts.items() if name}


def _folded(text: str) -> str:
    return " ".join(text.split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sections = [Section()]
        self.heading = ""  # the tag of the heading we are in
        self.skipped, self.depth = "", 0  # the tag whose inside is left out, and how many of them are open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if self.skipped:
            self.depth += tag == self.skipped
        elif tag in SKIPPED or SKIPPED_CLASSES & set((known.get("class") or "").split()):
            self.skipped, self.depth = tag, 1
        elif tag in {"h2", "h3"} and known.get("id"):
            self.sections.append(Section(known["id"] or "", level=int(tag[1])))
            self.heading = tag
        elif tag not in INLINE:
            self.sections[-1].text += " "

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without an inside says nothing."""

    def handle_endtag(self, tag: str) -> None:
        if self.skipped:
            self.depth -= tag == self.skipped
            self.skipped = self.skipped if self.depth else ""
        elif tag == self.heading:
            self.heading = ""
        elif tag not in INLINE:
            self.sections[-1].text += " · " if tag in CELLS else " "

    def handle_data(self, data: str) -> None:
        if not self.skipped and self.heading:
            self.sections[-1].title += data
        elif not self.skipped:
            self.sections[-1].text += data
