"""Which pages keep what was read? The mark at the end of a lesson, and the list of all marks of one reader."""

import uuid

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from apps.accounts.learners import known_learner, learner_for
from apps.core.addresses import address_hash
from apps.core.limiter import seconds_to_wait
from apps.lessons.quiz import revision_for
from apps.lessons.reading import Mark, keep_read, read_by
from apps.lessons.views import lesson_or_404


@require_safe
@never_cache
def lessons(request):
    """Answer which lessons this reader has read, for the marks in pages that are the same for everybody."""
    return JsonResponse({"read": sorted(read_by(known_learner(request)))})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@vary_on_headers("HX-Request")
def mark(request, track, slug):
    """Show whether a lesson was read, with a form that changes it; or change it."""
    found = lesson_or_404(track, slug)
    if request.method != "POST":
        return show(request, Mark(found, found.revision, known_learner(request)))
    if wait_s := wait(request):
        return show(request, Mark(found, found.revision, known_learner(request), wait_s))
    learner = keep(request, found)
    if request.htmx:
        return show(request, Mark(found, found.revision, learner))
    return redirect("read", track, slug)


def wait(request) -> int:
    """Count one mark of the client's address; return 0, or in how many seconds it may send another."""
    return seconds_to_wait("read", address_hash(request), limit=settings.QUIZ_ANSWERS_HOURLY_PER_ADDRESS)


def keep(request, lesson):
    """Keep what was sent and return the learner, who begins with the first lesson read. “read” is yes or no.

    Without it the end came into view: that counts only as long as the reader has said nothing about this text.
    """
    sent = request.POST.get("read", "")
    learner = known_learner(request)
    if sent == "no" and learner is None:
        return None
    learner = learner or learner_for(request, form=form_key(request.POST))
    revision = revision_for(lesson, request.POST.get("revision", ""))
    if sent or Mark(lesson, revision, learner).open:
        keep_read(learner, lesson, revision, read=sent != "no")
    return learner


def form_key(sent) -> uuid.UUID | None:
    """Return the random key of a form, or None if it came without one."""
    try:
        return uuid.UUID(sent.get("key", ""))
    except ValueError:
        return None


def show(request, mark):
    """Answer with the form alone, or with a page around it."""
    alone = request.htmx and not request.htmx.history_restore_request
    template = "lessons/_read.html" if alone else "lessons/read.html"
    response = render(request, template, {"mark": mark, "lesson": mark.lesson}, status=429 if mark.wait_s else 200)
    if mark.wait_s:
        response["Retry-After"] = mark.wait_s
    return response
