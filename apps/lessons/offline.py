"""How does the HTML of a lesson become part of a book? Without scripts and forms, every address one that works there.

What comes out is XML as well as HTML: an EPUB takes it as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

from django.conf import settings

# From track/slug, or from "#" and the slug of a word, to its place in the book; None for what the book has not.
Address = Callable[[str], str | None]

VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "wbr", "col"})
DROPPED = frozenset({"input", "button", "label", "select", "fieldset", "script", "style"})
DROPPED_CLASSES = frozenset({"headerlink", "tabbed-labels"})
IDS = frozenset({"id", "aria-labelledby", "aria-describedby", "aria-controls"})
NAMESPACES = {"svg": "http://www.w3.org/2000/svg", "math": "http://www.w3.org/1998/Math/MathML"}
# The parser gives names in small letters; in XML these have capitals.
CASED = {
    name.lower(): name
    for name in ("viewBox", "preserveAspectRatio", "textLength", "lengthAdjust", "markerWidth", "markerHeight", "refX",
                 "refY", "patternUnits", "clipPath", "linearGradient", "foreignObject")
}  # fmt: skip


class Chapter(HTMLParser):
    """One lesson on its way into a book. Use it once: feed(), close(), then `html`.

    `slug` goes before every id; headings go `deeper` levels down; without `both` a diagram that is drawn twice keeps
    the drawing that runs down. Addresses of this site get its name.
    """

    def __init__(self, slug: str, *, place: Address, deeper: int = 0, both: bool = True):
        super().__init__(convert_charrefs=True)
        self.slug, self.place, self.deeper, self.both = slug, place, deeper, both
        self.site = settings.SITE_URL
        self.parts: list[str] = []
        self.ends: list[str] = []  # what closes each open element; "" closes nothing
        self.skipping = 0  # depth below an element that is left out
        self.bet = ""  # the address of the lab that the open bet asks
        self.drawn = False  # the narrow drawing of a diagram was kept

    @property
    def html(self) -> str:
        """Return what was made so far."""
        return "".join(self.parts)

    def handle_starttag(self, tag, attrs):
        """Write an element, or leave it out with all that is in it."""
        values = {name: value or "" for name, value in attrs}
        if self.skipping or self._is_dropped(tag, values):
            self._note_preset(tag, values)
            self.skipping += tag not in VOID
        elif tag in VOID:
            self.parts.append(f"<{tag}{self._attributes(tag, values)}/>")
        elif "-" in tag:  # a custom element is nothing without its script
            self.ends.append("")
        else:
            self._open(tag, values)

    def handle_startendtag(self, tag, attrs):
        """Write an empty element."""
        if tag in VOID:
            self.handle_starttag(tag, attrs)
        elif not self.skipping:
            self.parts.append(f"<{CASED.get(tag, tag)}{self._attributes(tag, dict(attrs))}/>")

    def handle_endtag(self, tag):
        """Close what was opened."""
        if tag in VOID:
            return
        if self.skipping:
            self.skipping -= 1
        elif self.ends:
            self.parts.append(self.ends.pop())

    def handle_data(self, data):
        """Write text."""
        if not self.skipping:
            self.parts.append(escape(data, quote=False))

    def _open(self, tag: str, values: dict[str, str]) -> None:
        classes = values.get("class", "").split()
        name = self._name(tag)
        end = f"</{name}>"
        if tag == "form":
            self.bet = self.site + values.get("action", "")
            values, end = {"class": values.get("class", "")}, self._end_of_bet()  # a bet is made on the site
        self.parts.append(f"<{name}{self._attributes(tag, values)}>")
        if "tabbed-block" in classes:
            self.parts.append(f'<p class="tab">{escape(values.get("aria-label", ""))}</p>')
        self.ends.append(end)

    def _end_of_bet(self) -> str:
        return f'<p><a href="{escape(self.bet)}">Put it to the test</a></p></div>'

    def _name(self, tag: str) -> str:
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            return f"h{min(6, int(tag[1]) + self.deeper)}"
        return "div" if tag == "form" else CASED.get(tag, tag)

    def _note_preset(self, tag: str, values: dict[str, str]) -> None:
        """Ask the lab the question of the bet: the preset stands in a hidden field of the form."""
        if tag == "input" and values.get("name") == "preset" and self.bet and self.ends:
            path, _, place = self.bet.partition("#")
            self.bet = f"{path}?preset={values.get('value', '')}#{place}"
            self.ends[-1] = self._end_of_bet()

    def _is_dropped(self, tag: str, values: dict[str, str]) -> bool:
        classes = set(values.get("class", "").split())
        if tag == "svg" and not self.both:
            narrow, first = "narrow" in classes, not self.drawn
            self.drawn = narrow
            return not (narrow or first)
        row_of_a_bet = "row" in classes and bool(self.ends) and "Put it to the test" in self.ends[-1]
        return tag in DROPPED or bool(classes & DROPPED_CLASSES) or row_of_a_bet

    def _attributes(self, tag: str, values: dict[str, str | None]) -> str:
        kept = {"xmlns": NAMESPACES[tag]} if tag in NAMESPACES else {}
        for name, value in values.items():
            if name.startswith(("hx-", "on")) or name in ("xmlns", "popovertarget"):
                continue
            text = value or ""
            if name in IDS:
                text = " ".join(f"{self.slug}--{part}" for part in text.split())
            elif name == "href":
                text = self.address(text)
            kept[CASED.get(name, name)] = text
        if tag == "section" or kept.get("role") == "region":  # a landmark of its page; a book has dozens alike
            kept["role"] = "group"
        return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())

    def address(self, href: str) -> str:
        """Return where a link leads from within the book: to its chapters, else to the site or wherever it led."""
        path, hash_sign, heading = href.partition("#")
        if not path:
            return f"#{self.slug}--{heading}"
        if not path.startswith("/"):
            return href
        names = path.strip("/").split("/")
        if names == ["glossary"]:
            return self.place(f"#{heading}") or self.site + href
        found = self.place("/".join(names[1:])) if names[0] == "learn" and len(names) == 3 else None
        if found is None:
            return self.site + href
        return f"{found}--{heading}" if hash_sign else found


def for_a_book(html: str, slug: str, **options) -> str:
    """Return a lesson's HTML for a book; see Chapter for the options."""
    chapter = Chapter(slug, **options)
    chapter.feed(html)
    chapter.close()
    return chapter.html
