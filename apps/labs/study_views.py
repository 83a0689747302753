"""Which pages do studies have? Starting one, the study itself, stopping it, its cause, and its data."""

import csv
import io

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from apps.accounts.learners import known_learner, learner_for
from apps.core.addresses import address_hash
from apps.labs import actions
from apps.labs.explanation import explanation_of
from apps.labs.models import RunState, Study
from apps.labs.studies import folded, runs_of
from apps.labs.study_panel import panel_for_study_post, panel_of_study, version_of
from apps.labs.views import answer_cause, answer_start, experiment_or_404, is_mine
from apps.labs.waiting import waiting


@require_POST
@vary_on_headers("HX-Request")
def start_study(request, slug):
    """Start a study, or say beside each field what to change."""
    panel = panel_for_study_post(slug, experiment_or_404(slug), request.POST)
    return answer_start(request, panel, study_from, show_study)


def study_from(request, panel):
    """Return the study that the valid forms of this panel ask for. Raises RunLimitReached."""
    cleaned = panel.params.cleaned_data
    with transaction.atomic():  # a refused start leaves no learner behind
        return actions.start_study(
            learner=learner_for(request, form=cleaned["idempotency_key"]),
            lab=panel.slug,
            preset=panel.preset,
            challenge=panel.challenge,
            settings=panel.params.settings(),
            param=cleaned["param"],
            values=cleaned["values"],
            trials=cleaned["trials"],
            guess=panel.guess.value(),
            key=cleaned["idempotency_key"],
            address_hash=address_hash(request),
            request_id=request.request_id,
        )


def show_study(request, found, *, mine):
    """Answer with a study: the whole page, or the study alone for htmx."""
    part = request.htmx and not request.htmx.history_restore_request
    panel = panel_of_study(experiment_or_404(found.lab), found, mine=mine)
    context = {
        "panel": panel,
        "experiment": panel.experiment,
        "explanation": explanation_of(found, request.GET.get("cause", ""), mine=mine),
    }
    return render(request, "labs/_study.html" if part else "labs/study.html", context)


@require_GET
@never_cache
@vary_on_headers("HX-Request")
def study(request, study_id):
    """Show a study, to whoever has its address. A page that has seen this version already gets 204."""
    found = get_object_or_404(Study, pk=study_id)
    if (seen := request.GET.get("seen")) and seen == seen_now(found):
        return HttpResponse(status=204)
    return show_study(request, found, mine=is_mine(request, found))


def seen_now(found):
    """Return the version of a study's page, without what it has come to."""
    runs = list(found.runs.order_by("created_at").only("state", "created_at", "enqueued_at", "lab", "study_id"))
    states = [run.state for run in runs]
    return version_of(states, waiting(runs[0]) if set(states) == {RunState.QUEUED} else None)


@require_POST
def stop_study(request, study_id):
    """Stop one's own study; to a stranger it does not exist."""
    found = get_object_or_404(Study, pk=study_id, learner=known_learner(request))
    actions.stop_study(found)
    return show_study(request, found, mine=True) if request.htmx else redirect(found)


@require_POST
def explain_study(request, study_id):
    """Judge one tapped cause of a study's result."""
    return answer_cause(request, get_object_or_404(Study, pk=study_id))


@require_GET
@never_cache
def study_json(request, study_id):
    """Answer what a study has come to, and its settings, as JSON."""
    found = get_object_or_404(Study, pk=study_id)
    experiment_or_404(found.lab)
    runs = runs_of(found, with_series=not found.param)
    each = [
        {"run": run.pk, "position": run.position, "trial": run.trial, "seed": run.seed, "state": run.state}
        for run in runs
    ]
    whole = {**folded(found, runs), "params": found.params, "seed": found.seed, "runs": each}
    return JsonResponse(whole, json_dumps_params={"indent": 1})


@require_GET
def study_csv(request, study_id):
    """Answer a study's runs as CSV: a row for each with its value, trial, seed, state and figures."""
    found = get_object_or_404(Study, pk=study_id)
    figures = list(experiment_or_404(found.lab).figures)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([found.param or "value", "trial", "seed", "state", "run", *figures])
    for run in runs_of(found, with_series=False):
        measured = (run.result or {}).get("figures", {})
        value = found.values[run.position] if found.values else ""
        row = [value, run.trial, run.seed, run.state, run.pk]
        writer.writerow([*row, *(measured.get(name, "") for name in figures)])
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.lab}-study-{found.pk}.csv"'
    return response
