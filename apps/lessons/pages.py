"""Which document belongs to which address? Built when first asked for, kept until anything on the shelf changes."""

from collections.abc import Callable, Set
from datetime import date
from threading import Lock

from asgiref.sync import sync_to_async
from django.urls import reverse

from apps.lessons.books import Book, read_book
from apps.lessons.documents import Document, build, pack
from apps.lessons.epub import epub_of
from apps.lessons.glossary import dictionary_of
from apps.lessons.models import Revision
from apps.lessons.press import page_of
from apps.lessons.series import outline, place_of
from apps.lessons.shelf import Entry, Shelf, keeper


class Pages:
    """The documents of this process, by address. Threads share it, so a shelf's stamp and documents are one value."""

    def __init__(self):
        self.held: tuple[str, dict[str, Document]] = ("", {})

    def turn_to(self, shelf: Shelf) -> None:
        """Forget the documents of every other shelf."""
        if self.held[0] != shelf.stamp:
            self.held = (shelf.stamp, {})

    def kept(self, shelf: Shelf, path: str) -> Document | None:
        """Return the document of an address, if it was built for this very shelf."""
        stamp, documents = self.held
        return documents.get(path) if stamp == shelf.stamp else None

    def keep(self, shelf: Shelf, path: str, document: Document) -> Document:
        """Keep a document and return it; one built for an older shelf is not kept."""
        stamp, documents = self.held
        if stamp == shelf.stamp:
            documents[path] = document
        return document


pages = Pages()
_building = [Lock() for _ in range(16)]  # by address, so that a lesson does not wait for a book


async def kept_or_built(path: str, make: Callable[[Shelf], Document | None]) -> Document | None:
    """Return the document of an address, made now in a thread if this shelf has none yet."""
    shelf = await keeper.get()
    pages.turn_to(shelf)
    return pages.kept(shelf, path) or await sync_to_async(build_once)(shelf, path, make)


def build_once(shelf: Shelf, path: str, make: Callable[[Shelf], Document | None]) -> Document | None:
    """Make a document and keep it. Whoever asks for it meanwhile waits for that one: a book takes a second."""
    with _building[hash(path) % len(_building)]:
        kept = pages.kept(shelf, path)
        made = None if kept else make(shelf)
        return pages.keep(shelf, path, made) if made else kept


async def learn_page() -> Document:
    """Return the page of all tracks, as somebody sees it who has read nothing."""
    path = reverse("learn")
    return await kept_or_built(path, lambda shelf: build("lessons/learn.html", path, learn_context(shelf)))


def learn_context(shelf: Shelf, read: Set[str] = frozenset()) -> dict:
    """Return what the page of all tracks shows to a reader of these lessons."""
    return {"outlines": [outline(shelf, row, read) for row in shelf.rows if row.lessons]}


async def track_page(track: str) -> Document | None:
    """Return the page of a track as somebody sees it who has read nothing, or None if there is no such track."""
    path = reverse("track", args=[track])

    def make(shelf: Shelf) -> Document | None:
        context = track_context(shelf, track)
        return build("lessons/track.html", path, context) if context else None

    return await kept_or_built(path, make)


def track_context(shelf: Shelf, track: str, read: Set[str] = frozenset()) -> dict | None:
    """Return what a track's page shows to a reader of these lessons, or None if there is no such track."""
    row = shelf.row(track)
    return {"row": row, "outline": outline(shelf, row, read)} if row else None


async def lesson_page(track: str, slug: str) -> Document | None:
    """Return the page of a lesson, or None if there is no such lesson."""
    path = reverse("lesson", args=[track, slug])

    def make(shelf: Shelf) -> Document | None:
        entry = shelf.entries.get(f"{track}/{slug}")
        return build_lesson(shelf, entry, path) if entry else None

    return await kept_or_built(path, make)


def build_lesson(shelf: Shelf, entry: Entry, path: str) -> Document:
    """Return a lesson's document with its place among the others."""
    revision = Revision.objects.get(pk=entry.revision)
    context = {
        "place": place_of(shelf, entry),
        "entry": entry,
        "revision": revision,
        "concepts": dictionary_of(shelf).concepts_of(entry),
        "updated": date.fromisoformat(revision.front["updated"]),
        "published": date.fromisoformat(first_day(revision)),
    }
    return build("lessons/lesson.html", path, context)


def first_day(revision: Revision) -> str:
    """Return the first day that any text of the lesson gave as that of its last change."""
    return min(Revision.objects.filter(lesson=revision.lesson_id).values_list("front__updated", flat=True))


async def book_page(track: str) -> Document | None:
    """Return a whole track as one page, or None if there is no such track or nothing in it."""

    def make(shelf: Shelf) -> Document | None:
        book = book_of(shelf, track)
        return pack(page_of(book).encode()) if book else None

    return await kept_or_built(reverse("book", args=[track]), make)


async def epub_file(track: str) -> Document | None:
    """Return a whole track as an EPUB, or None if there is no such track or nothing in it."""

    def make(shelf: Shelf) -> Document | None:
        book = book_of(shelf, track)
        return pack(epub_of(book), compress=False) if book else None

    return await kept_or_built(reverse("epub", args=[track]), make)


def book_of(shelf: Shelf, track: str) -> Book | None:
    """Return the book of a track, or None if there is no such track or nothing in it."""
    row = shelf.row(track)
    return read_book(shelf, row) if row else None
