"""Which document belongs to which address? Built when first asked for, kept until anything on the shelf changes."""

from datetime import date

from asgiref.sync import sync_to_async
from django.urls import reverse

from apps.lessons.documents import Document, build
from apps.lessons.models import Revision
from apps.lessons.shelf import Entry, Shelf, keeper


class Pages:
    """The documents of this process, by address."""

    def __init__(self):
        self.stamp = ""
        self.documents: dict[str, Document] = {}

    def kept(self, shelf: Shelf, path: str) -> Document | None:
        """Return the document of an address, if it was built for this very shelf."""
        if self.stamp != shelf.stamp:
            self.stamp, self.documents = shelf.stamp, {}
        return self.documents.get(path)

    def keep(self, shelf: Shelf, path: str, document: Document) -> Document:
        """Keep a document and return it; one built for an older shelf is not kept."""
        if self.stamp == shelf.stamp:
            self.documents[path] = document
        return document


pages = Pages()


async def learn_page() -> Document:
    """Return the page of all tracks."""
    shelf, path = await keeper.get(), reverse("learn")
    kept = pages.kept(shelf, path)
    return kept or pages.keep(shelf, path, build("lessons/learn.html", path, {"rows": shelf.rows}))


async def track_page(track: str) -> Document | None:
    """Return the page of a track, or None if there is no such track."""
    shelf = await keeper.get()
    row, path = shelf.row(track), reverse("track", args=[track])
    if row is None:
        return None
    kept = pages.kept(shelf, path)
    return kept or pages.keep(shelf, path, build("lessons/track.html", path, {"row": row}))


async def lesson_page(track: str, slug: str) -> Document | None:
    """Return the page of a lesson, or None if there is no such lesson."""
    shelf = await keeper.get()
    entry, path = shelf.entries.get(f"{track}/{slug}"), reverse("lesson", args=[track, slug])
    if entry is None:
        return None
    kept = pages.kept(shelf, path)
    return kept or pages.keep(shelf, path, await sync_to_async(build_lesson)(shelf, entry, path))


def build_lesson(shelf: Shelf, entry: Entry, path: str) -> Document:
    """Return a lesson's document with its place among the others of its track."""
    row = shelf.row(entry.track)
    number = row.lessons.index(entry)
    revision = Revision.objects.get(pk=entry.revision)
    context = {
        "row": row,
        "entry": entry,
        "part": number + 1,
        "revision": revision,
        "updated": date.fromisoformat(revision.front["updated"]),
        "previous": row.lessons[number - 1] if number else None,
        "next": row.lessons[number + 1] if number + 1 < len(row.lessons) else None,
    }
    return build("lessons/lesson.html", path, context)
