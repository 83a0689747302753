"""How is the book of a track set as one HTML page? Its style sheets, faces, diagrams and answers stand in it."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from apps.core.static import strip_css
from apps.lessons.books import Book
from apps.lessons.offline import for_a_book

SHEETS = ("tokens", "base", "layout", "components/controls", "components/prose", "components/blocks",
          "components/diagram", "components/sequence", "components/lesson", "components/book")  # fmt: skip
_FILE = re.compile(r'url\("\.\./([^"]+)"\)')


def page_of(book: Book) -> str:
    """Return the page."""
    places = {chapter.entry.name: f"#{chapter.entry.slug}" for chapter in book.chapters}
    places |= {f"#{slug}": f"#term--{slug}" for slug in book.term_slugs}
    chapters = [
        (chapter, mark_safe(for_a_book(chapter.html, chapter.entry.slug, deeper=1, place=places.get)))  # noqa: S308
        for chapter in book.chapters
    ]
    # The tag is made here because no template of the site may hold one: its policy allows this page alone, by hash.
    style = mark_safe(f"<style>{book_style()}</style>")  # noqa: S308
    return render_to_string("lessons/book.html", {"book": book, "chapters": chapters, "style": style, **site()})


def site() -> dict:
    """Return what a book says of where it comes from."""
    return {"SITE_URL": settings.SITE_URL}


@cache
def book_style() -> str:
    """Return the site's style sheets in one. The faces are in it: diagrams were laid out for their widths."""
    screen = "".join(sheet(f"css/{name}.css") for name in SHEETS)
    return strip_css(_FILE.sub(_embedded, f"{screen}@media print{{{sheet('css/print.css')}}}"))


def _embedded(match: re.Match[str]) -> str:
    return f'url("data:font/woff2;base64,{base64.b64encode(Path(finders.find(match[1])).read_bytes()).decode()}")'


def sheet(name: str) -> str:
    """Return the text of one of our style sheets."""
    return Path(finders.find(name)).read_text()


@cache
def book_policy() -> dict[str, str]:
    """Return what the content security policy allows a book besides: this one style sheet, and the faces in it."""
    digest = base64.b64encode(hashlib.sha256(book_style().encode()).digest()).decode()
    return {"style-src": f"'sha256-{digest}'", "font-src": "data:"}
