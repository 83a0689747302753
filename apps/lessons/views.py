"""Which pages do lessons have? All tracks, one track, one lesson, and its quiz."""

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from apps.accounts.learners import learner_for
from apps.core.addresses import address_hash
from apps.core.limiter import seconds_to_wait
from apps.lessons.documents import answer
from apps.lessons.models import Lesson
from apps.lessons.moved import moved_to
from apps.lessons.pages import (
    book_page,
    epub_file,
    learn_context,
    learn_page,
    lesson_page,
    track_context,
    track_page,
)
from apps.lessons.press import book_policy
from apps.lessons.quiz import QuestionForm, keep_answer, revision_for
from apps.lessons.reading import lessons_read
from apps.lessons.shelf import keeper
from apps.lessons.suggestions import suggest


async def missing(request, track, slug=""):
    """Lead on to where a lesson has moved, or answer 404 with the lessons that may have been meant."""
    if slug and (way := await sync_to_async(moved_to)(request, track, slug)):
        return way
    suggestions = suggest(await keeper.get(), track, slug)
    return render(request, "lessons/missing.html", {"suggestions": suggestions}, status=404)


# Two forms of the pages that list lessons. Who has read something gets one rendered with the marks, kept by nobody: it
# needs no script and cannot be wrong. Everybody else gets the one document. A lesson is one document for all, since
# most requests are for lessons; there a script puts the marks into the list of parts.
def with_marks(request, template, context):
    """Answer with a page that is this reader's alone."""
    response = render(request, template, context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
async def learn(request):
    """Show every track with its lessons."""
    if read := await lessons_read(request):
        return with_marks(request, "lessons/learn.html", learn_context(await keeper.get(), read))
    return answer(request, await learn_page())


@require_safe
async def track(request, track):
    """Show one track."""
    if read := await lessons_read(request):
        context = track_context(await keeper.get(), track, read)
        return with_marks(request, "lessons/track.html", context) if context else await missing(request, track)
    document = await track_page(track)
    return answer(request, document) if document else await missing(request, track)


@require_safe
async def book(request, track):
    """Show a whole track as one page that needs nothing else."""
    document = await book_page(track)
    if document is None:
        return await missing(request, track)
    response = answer(request, document)
    response._csp_update = book_policy()  # its style sheet stands in the page
    return response


@require_safe
async def epub(request, track):
    """Send a whole track as an EPUB."""
    document = await epub_file(track)
    if document is None:
        return await missing(request, track)
    response = answer(request, document)
    response["Content-Type"] = "application/epub+zip"
    response["Content-Disposition"] = f'attachment; filename="tradeoff-{track}.epub"'
    return response


@require_safe
async def lesson(request, track, slug):
    """Show one lesson: the same bytes for everybody."""
    document = await lesson_page(track, slug)
    return answer(request, document) if document else await missing(request, track, slug)


def lesson_or_404(track, slug):
    """Return a listed lesson with its current revision. Raises Http404."""
    lessons = Lesson.objects.listed().select_related("track", "revision")
    return get_object_or_404(lessons, track__slug=track, slug=slug)


def show_quiz(request, part, context, status=200):
    """Answer with the part of the quiz that htmx asked for, or with the whole page."""
    template = part if request.htmx and not request.htmx.history_restore_request else "lessons/quiz.html"
    return render(request, template, context, status=status)


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def quiz(request, track, slug):
    """Show the questions of a lesson as forms."""
    try:
        found = lesson_or_404(track, slug)
    except Http404:
        if way := moved_to(request, track, slug, "quiz"):
            return way
        raise
    forms = [QuestionForm(question) for question in found.revision.quiz()]
    return show_quiz(request, "lessons/_quiz.html", {"lesson": found, "revision": found.revision, "forms": forms})


@require_POST
@vary_on_headers("HX-Request")
def answer_question(request, track, slug, question_id):
    """Judge one answer and keep it, or say beside the question what is missing."""
    found = lesson_or_404(track, slug)
    revision = revision_for(found, request.POST.get("revision", ""))
    sent = {question_id: request.POST}
    forms = [QuestionForm(question, sent.get(question.id)) for question in revision.quiz()]
    form = next((form for form in forms if form.data is not None), None)
    if form is None:
        raise Http404(f"There is no question “{question_id}”.")
    context = {"lesson": found, "revision": revision, "forms": forms, "form": form}
    if wait_s := quiz_wait_s(request):
        return refuse_answer(request, {**context, "wait_s": wait_s})
    if form.verdict:
        keep_answer(learner_for(request), found, revision, form)
    return show_quiz(request, "lessons/_question.html", context, status=200 if form.verdict else 422)


def quiz_wait_s(request):
    """Count one answer of the client's address; return 0, or in how many seconds it may answer again."""
    limit = settings.QUIZ_ANSWERS_HOURLY_PER_ADDRESS
    return seconds_to_wait("quiz", address_hash(request), limit=limit)


def refuse_answer(request, context):
    """Answer that the address has sent too many; what was entered stays, and nothing is judged or kept."""
    context["form"].too_many(context["wait_s"])
    response = show_quiz(request, "lessons/_question.html", context, status=429)
    response["Retry-After"] = context["wait_s"]
    return response
