"""Which pages do labs have? The list, one lab, one run, runs side by side. Same address, whole page or fragment."""

from urllib.parse import urlencode, urlsplit

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from apps.accounts.learners import known_learner, learner_for
from apps.core.addresses import address_hash
from apps.experiments.registry import experiments
from apps.labs import actions
from apps.labs.comparison import CannotCompare, compare
from apps.labs.explanation import explanation_of, index_of, keep_answer
from apps.labs.forking import forked
from apps.labs.limits import RunLimitReached
from apps.labs.models import Run
from apps.labs.opening import panel_for, panel_for_post, panel_for_run
from apps.labs.shelf import shelves
from apps.labs.waiting import waiting


def experiment_or_404(slug):
    """Return the lab. Raises Http404."""
    if slug not in experiments():
        raise Http404(f"There is no lab “{slug}”.")
    return experiments()[slug]


def show(request, panel, status=200, **context):
    """Answer with the panel: the whole page, or the panel alone for htmx."""
    panel.learner = known_learner(request) if panel.challenges else None
    template = "labs/_panel.html" if request.htmx and not request.htmx.history_restore_request else "labs/lab.html"
    return render(request, template, {"panel": panel, "experiment": panel.experiment, **context}, status=status)


def show_run(request, found, *, mine):
    """Answer with the panel of a run, and its causes once there is something to explain."""
    explanation = explanation_of(found, request.GET.get("cause", ""), mine=mine)
    return show(request, panel_for_run(experiment_or_404(found.lab), found, mine=mine), explanation=explanation)


def refuse(request, panel, limit):
    """Answer that nothing may start now, why, and when to try again; what was typed stays."""
    panel.limit = str(limit)
    response = show(request, panel, status=429)
    response["Retry-After"] = limit.retry_after_s
    return response


def left_off(request, slug):
    """Return the run or study that a reload should find again: the newest unfinished, or one that has just ended.

    None for who asks for something new: by a question's link, a bet from a lesson, or settings in the address.
    """
    learner = known_learner(request)
    if learner is None or request.GET.keys() - {"preset", "challenge"}:
        return None
    lab, asked = experiment_or_404(slug), request.GET
    # What the lab does not have is as if it were not asked, as on a fresh panel; a NUL is no text for the database.
    preset = asked["preset"] if asked.get("preset") in lab.presets else ""
    challenge = asked["challenge"] if asked.get("challenge") in lab.challenges else ""
    found = [each.left_off(slug, preset, challenge) for each in (learner.runs, learner.studies)]
    return max(filter(None, found), key=lambda each: (not each.is_final, each.created_at), default=None)


@require_GET
def lab_list(request):
    """List every lab with its question."""
    return render(request, "labs/list.html", {"shelves": shelves(experiments())})


@require_GET
@never_cache
@vary_on_headers("HX-Request")
def lab(request, slug):
    """Show what this browser left off at, or the lab before a run, as the address or another run sets it."""
    experiment = experiment_or_404(slug)
    left = left_off(request, slug)
    if isinstance(left, Run):
        return show_run(request, left, mine=True)
    if left is not None:
        return redirect(left)
    fork = forked(slug, request.GET.dict())
    return show(request, panel_for(slug, experiment, fork.data), fork=fork)


@require_POST
@vary_on_headers("HX-Request")
def start(request, slug):
    """Start a run, or say beside each field what to change."""
    panel = panel_for_post(slug, experiment_or_404(slug), request.POST)
    return answer_start(request, panel, start_from, show_run)


def answer_start(request, panel, begin, show_begun):
    """Begin what the forms of a panel ask for, and show it; or say beside each field, or above all, why not."""
    if not (panel.params.is_valid() & panel.guess.is_valid()):
        return show(request, panel, status=422)
    try:
        found = begin(request, panel)
    except RunLimitReached as limit:
        return refuse(request, panel, limit)
    if not request.htmx:
        return redirect(found)
    return at_reload(request, panel, show_begun(request, found, mine=True))


def at_reload(request, panel, response):
    """Return the answer with an address under which a reload of the lab's page finds what was begun.

    The page may have been opened for something new, or for another question; then its own address asks for that. A
    page that only contains the panel, as a lesson does, keeps its address.
    """
    home = reverse("lab", args=[panel.slug])
    if urlsplit(request.htmx.current_url or "").path == home:
        asked = {"challenge": panel.challenge} if panel.challenge else {"preset": panel.preset}
        response["HX-Replace-Url"] = f"{home}?{urlencode(asked)}"
    return response


def start_from(request, panel):
    """Return the run that the valid forms of this panel ask for. Raises RunLimitReached."""
    key = panel.params.cleaned_data["idempotency_key"]
    with transaction.atomic():  # a refused start leaves no learner behind
        return start_as(learner_for(request, form=key), request, panel, key)


def start_as(learner, request, panel, key):
    """Return the learner's run. Raises RunLimitReached."""
    return actions.start_run(
        learner=learner,
        lab=panel.slug,
        preset=panel.preset,
        challenge=panel.challenge,
        params=panel.params.params(),
        guess=panel.guess.value(),
        key=key,
        address_hash=address_hash(request),
        request_id=request.request_id,
    )


def is_mine(request, found):
    """Return whether a run or a study belongs to this browser's learner."""
    learner = known_learner(request)
    return learner is not None and found.learner_id == learner.pk


@require_GET
@never_cache
@vary_on_headers("HX-Request")
def run(request, run_id):
    """Show a run. Its address cannot be guessed: whoever has it was given it."""
    found = get_object_or_404(Run, pk=run_id)
    return show_run(request, found, mine=is_mine(request, found))


@require_GET
@never_cache
def queue(request, run_id):
    """Tell how long a queued run waits; an empty answer ends the asking."""
    found = get_object_or_404(Run, pk=run_id)
    return render(request, "labs/_queue.html", {"run": found, "waiting": waiting(found)})


@require_POST
def stop(request, run_id):
    """Stop one's own run; to a stranger it does not exist."""
    found = get_object_or_404(Run, pk=run_id, learner=known_learner(request))
    actions.stop_run(found)
    found.refresh_from_db()
    return show_run(request, found, mine=True) if request.htmx else redirect(found)


@require_POST
def explain_run(request, run_id):
    """Judge one tapped cause of a run's result."""
    return answer_cause(request, get_object_or_404(Run, pk=run_id))


def answer_cause(request, subject):
    """Keep the learner's first answer, and show what is to be said about this one."""
    tapped = request.POST.get("cause", "")
    explanation = explanation_of(subject, tapped, mine=is_mine(request, subject))
    if explanation is None or index_of(tapped, explanation.causes) is None:
        raise Http404("There is nothing of that number to choose here.")
    keep_answer(explanation)
    if not request.htmx:
        return redirect(f"{subject.get_absolute_url()}?cause={explanation.chosen}#cause")
    return render(request, "labs/_cause.html", {"explanation": explanation})


@require_GET
@never_cache
def compare_runs(request, slug):
    """Show two to four runs of a lab side by side, or say why they cannot be."""
    context = {"experiment": experiment_or_404(slug), "slug": slug}
    try:
        context["comparison"] = compare(slug, context["experiment"], request.GET.getlist("run"))
    except CannotCompare as problem:
        return render(request, "labs/compare.html", {**context, "problem": str(problem)}, status=problem.status)
    return render(request, "labs/compare.html", context)
