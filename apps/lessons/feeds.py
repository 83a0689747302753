"""What is new, and what has changed? The newest lessons as Atom and as RSS, the same bytes for everybody.

Written with Django's generators and not with its Feed view, which takes the host from the request: an address in a
feed is kept for years, so the settings say it. There is no Last-Modified: dates are whole days, an ETag is exact.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.views.decorators.http import require_safe

from apps.lessons.documents import Document, answer, pack
from apps.lessons.models import Revision
from apps.lessons.pages import kept_or_built
from apps.lessons.shelf import Entry, Shelf

NEWEST = 30
_LESSONS = uuid.UUID("6f7c0f5e-2b77-4f0c-9a55-0c6c1d7a7c11")  # never changes: readers of feeds know lessons by it


@require_safe
async def atom(request):
    """Send the newest lessons as Atom."""
    return send(request, await feed(reverse("atom"), Atom1Feed), "application/atom+xml")


@require_safe
async def rss(request):
    """Send the newest lessons as RSS."""
    return send(request, await feed(reverse("rss"), Rss201rev2Feed), "application/rss+xml")


def send(request, document: Document, kind: str):
    """Answer with a feed, or with 304."""
    response = answer(request, document)
    response["Content-Type"] = f"{kind}; charset=utf-8"
    return response


async def feed(path: str, kind: type[SyndicationFeed]) -> Document:
    """Return the feed at an address."""
    return await kept_or_built(path, lambda shelf: pack(write(shelf, kind, path).encode()))


def write(shelf: Shelf, kind: type[SyndicationFeed], path: str) -> str:
    """Return the newest lessons on the shelf as a feed, the last changed first."""
    result = kind(
        title="Tradeoff: new and changed lessons",
        link=settings.SITE_URL + reverse("learn"),
        description="Lessons on system design, each with a number to bet on and a lab that measures it.",
        language="en-GB",
        feed_url=settings.SITE_URL + path,
        author_name="Tradeoff",
    )
    titles = {row.slug: row.title for row in shelf.rows}
    dates = changes(shelf)
    for entry in sorted(dates, key=lambda entry: dates[entry][1], reverse=True)[:NEWEST]:
        first, last = dates[entry]
        result.add_item(
            title=entry.title,
            link=settings.SITE_URL + reverse("lesson", args=[entry.track, entry.slug]),
            description=entry.summary,
            unique_id=uuid.uuid5(_LESSONS, entry.name).urn,
            unique_id_is_permalink=False,
            categories=[titles[entry.track]],
            pubdate=first,
            updateddate=last,
        )
    return result.writeString("utf-8")


def changes(shelf: Shelf) -> dict[Entry, tuple[datetime, datetime]]:
    """Return for each lesson when it came and when its meaning last changed, as its texts say; in the shelf's order."""
    texts = Revision.objects.filter(lesson__listed=True).values_list("pk", "lesson_id", "front__updated")
    said = {pk: (lesson, moment(day)) for pk, lesson, day in texts}
    first: dict[int, datetime] = {}
    for lesson, when in said.values():
        first[lesson] = min(when, first.get(lesson, when))
    known = (entry for entry in shelf.entries.values() if entry.revision in said)
    return {entry: (first[said[entry.revision][0]], said[entry.revision][1]) for entry in known}


def moment(day: str) -> datetime:
    """Return the first moment of a day that is written YYYY-MM-DD."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
