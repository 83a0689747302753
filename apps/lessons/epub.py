"""How is the book of a track set as an EPUB 3? A zip of XHTML, one file a lesson, with contents and what each needs."""

import io
import uuid
import zipfile

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from apps.core.static import strip_css
from apps.lessons.books import Book, Chapter
from apps.lessons.offline import for_a_book
from apps.lessons.press import sheet, site

TYPE = "application/epub+zip"
CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>\n'
)
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same book is the same bytes


def epub_of(book: Book) -> bytes:
    """Return the file."""
    chapters = {chapter.file: _chapter(book, chapter) for chapter in book.chapters}
    texts = {"title.xhtml": _render("title.xhtml", book=book), **chapters}
    if book.terms:
        texts["glossary.xhtml"] = _render("glossary.xhtml", book=book)
    documents = [
        (f"d{number}", name, " ".join(kind for tag, kind in (("<math", "mathml"), ("<svg", "svg")) if tag in text))
        for number, (name, text) in enumerate(texts.items())
    ]
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.SITE_URL}{book.row.slug}")
    texts["nav.xhtml"] = _render("nav.xhtml", book=book)
    texts["package.opf"] = _render("package.opf", book=book, documents=documents, identifier=identifier)
    texts["book.css"] = strip_css(sheet("css/epub.css"))
    return _zip(texts)


def _zip(texts: dict[str, str]) -> bytes:
    """Return the archive; readers tell its kind from the first entry, which is not compressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", LONG_AGO), TYPE, zipfile.ZIP_STORED)
        archive.writestr(zipfile.ZipInfo("META-INF/container.xml", LONG_AGO), CONTAINER, zipfile.ZIP_DEFLATED)
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(f"book/{name}", LONG_AGO), text, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _chapter(book: Book, chapter: Chapter) -> str:
    places = {each.entry.name: f"{each.file}#{each.entry.slug}" for each in book.chapters}
    places |= {f"#{slug}": f"glossary.xhtml#term--{slug}" for slug in book.term_slugs}
    html = for_a_book(chapter.html, chapter.entry.slug, place=places.get, both=False)
    return _render("chapter.xhtml", chapter=chapter, html=mark_safe(html))  # noqa: S308


def _render(name: str, **context) -> str:
    return render_to_string(f"lessons/epub/{name}", {**context, **site()})
