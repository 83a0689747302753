"""Where did a lesson go whose address is no longer there? The redirects of the content, kept as they were imported."""

from __future__ import annotations

from pathlib import Path

from django.db import DatabaseError, InterfaceError
from django.http import HttpResponsePermanentRedirect
from django.urls import reverse

from apps.content.problems import Problem
from apps.content.redirects import FILE, follow, read_redirects
from apps.lessons.models import ContentFile, Lesson

KEPT_S = 24 * 60 * 60  # for so long a browser may go straight to the new address: a slug can come back


def take_redirects(directory: Path) -> list[Problem]:
    """Keep the redirects of a content directory. A file that is wrong is reported and the last good one stays."""
    path = directory / FILE
    if not path.is_file():
        ContentFile.objects.filter(path=FILE).delete()
        return []
    try:
        text = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        return [Problem(str(path), 1, f"this file cannot be read: {error}")]
    _, complaints = read_redirects(text)
    if not complaints:
        ContentFile.objects.update_or_create(path=FILE, defaults={"text": text})
    return [Problem(str(path), line, message) for line, message in complaints]


def redirects() -> dict[str, str]:
    """Return new name by old name (track/slug)."""
    file = ContentFile.objects.filter(path=FILE).first()
    return read_redirects(file.text)[0] if file else {}


def notes_on(retired: list[str], directory: Path) -> list[Problem]:
    """Return a note for each lesson that is gone and leads nowhere."""
    moved = redirects()
    message = "retired {}; if it moved, add a redirect"
    return [
        Problem(str(directory / FILE), 1, message.format(name), pending=True) for name in retired if name not in moved
    ]


def moved_to(request, track: str, slug: str, view: str = "lesson") -> HttpResponsePermanentRedirect | None:
    """Return the way to where a lesson went, its query kept, or None: it never moved, or nobody can say now."""
    try:
        name = follow(redirects(), f"{track}/{slug}")
        track, _, slug = (name or "").partition("/")
        if not name or not Lesson.objects.listed().filter(track__slug=track, slug=slug).exists():
            return None
    except (DatabaseError, InterfaceError):
        return None
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(reverse(view, args=[track, slug]) + (f"?{query}" if query else ""))
    response["Cache-Control"] = f"max-age={KEPT_S}"
    return response
