"""What do search engines read first? The list of all pages that last, and where they need not look."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from apps.experiments.registry import experiments
from apps.lessons.documents import Document, answer, build
from apps.lessons.glossary import dictionary_of
from apps.lessons.models import Revision
from apps.lessons.pages import kept_or_built
from apps.lessons.shelf import Shelf

NOT_FOR_ROBOTS = (
    "/runs/", "/studies/", "/attempts/", "/search/", "/progress/", "/studio/", "/learn/read/", "/learn/*/read/",
    "/health/", "/metrics", "/labs/*/compare/", "/csp-report",
)  # fmt: skip


@require_safe
async def sitemap(request):
    """Send every lasting page with the day on which it last changed, where one is known."""
    response = answer(request, await sitemap_file())
    response["Content-Type"] = "application/xml"
    return response


async def sitemap_file() -> Document:
    """Return the list of pages."""
    path = reverse("sitemap")
    return await kept_or_built(path, lambda shelf: build("pages/sitemap.xml", path, {"found": list(lasting(shelf))}))


def lasting(shelf: Shelf) -> Iterator[tuple[str, str]]:
    """Yield address and day (YYYY-MM-DD, or nothing) of each page that is there for everybody and stays."""
    for name in ("home", "about", "learn", "labs", "glossary", "concepts"):
        yield reverse(name), ""
    days = dict(Revision.objects.filter(lesson__listed=True).values_list("pk", "front__updated"))
    for row in shelf.rows:
        lessons = [entry for entry in row.lessons if entry.revision in days]
        if lessons:
            yield reverse("track", args=[row.slug]), max(days[entry.revision] for entry in lessons)
        for entry in lessons:
            yield reverse("lesson", args=[entry.track, entry.slug]), days[entry.revision]
    for slug in experiments():
        yield reverse("lab", args=[slug]), ""
    words = dictionary_of(shelf)
    for slug in sorted({word.slug for row in shelf.rows for entry in row.lessons for word in words.concepts_of(entry)}):
        yield reverse("concept", args=[slug]), ""


@require_safe
@cache_control(max_age=3600, public=True)
async def robots(request):
    """Say which pages are nobody's business: what one visitor did, and what is computed when asked."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
