"""What does a study come to? Its rows are read here and folded by `folding`; what follows from its end is recorded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.timezone import now

from apps.experiments.registry import experiments
from apps.labs.costs import OVERHEAD_S, planned_s
from apps.labs.folding import Setup, Trial, fold
from apps.labs.models import Run, RunState, Study
from apps.labs.questions import prediction_of
from apps.progress.models import record


def setup_of(study: Study) -> Setup:
    """Return what a study asks. The figure is the one that was bet on, or that its question or challenge asks for."""
    asked = prediction_of(experiments()[study.lab], study.preset, study.challenge)
    figure = study.guess["figure"] if study.guess else asked.figure
    return Setup(
        slug=study.lab,
        param=study.param,
        values=tuple(study.values),
        trials=study.trials,
        figure=figure,
        guess=study.guess,
        planned_s=planned_s(study.lab, study.params) + OVERHEAD_S,
    )


def runs_of(study: Study, *, with_series: bool) -> list[Run]:
    """Return a study's runs in the order in which they are carried out."""
    runs = study.runs.order_by("created_at").defer("film")
    return list(runs if with_series else runs.defer("series"))


def folded(study: Study, runs: list[Run]) -> dict[str, Any]:
    """Return what a study has come to, as `/studies/<id>/data.json` shows it."""
    return fold(setup_of(study), [_trial(run, now()) for run in runs])


def _trial(run: Run, at: datetime) -> Trial:
    result, deferred = run.result or {}, run.get_deferred_fields()
    took = ((run.finished_at or at) - run.started_at).total_seconds() if run.started_at else None
    return Trial(
        position=run.position or 0,
        trial=run.trial or 0,
        state=run.state,
        took_s=None if run.state == RunState.QUEUED else took,
        figures=result.get("figures", {}),
        expected=result.get("expected", {}),
        series={} if "series" in deferred else run.series or {},
    )


def note_guess(study: Study) -> None:
    """Write the bet on a study into the learning record, once."""
    if study.guess:
        payload = {"study": study.pk, "preset": study.preset, **study.guess}
        _record(study, "predicted", payload, f"guess:{study.pk}")


def note_end(study_id: str) -> None:
    """Write a study's result into the learning record if its last run has ended and one was done. In a transaction.

    Called in the same transaction as each end of one of its runs, after it: the study's row lets them pass one by
    one, so that of two last runs on two workers the second sees both, and the record is written exactly once.
    """
    study = Study.objects.select_for_update().get(pk=study_id)
    if study.runs.active().exists() or not study.runs.filter(state=RunState.DONE).exists():
        return
    if study.lab not in experiments():
        return  # the lab was removed meanwhile: nobody can say any more what its figures meant
    result = folded(study, runs_of(study, with_series=False))
    points = [{name: point[name] for name in ("value", "n", "median", "p5", "p95")} for point in result["points"]]
    payload = {
        "study": study.pk,
        "preset": study.preset,
        "guess": study.guess,
        **{name: result[name] for name in ("param", "trials", "figure", "score", "state")},
        "points": points,
    }
    _record(study, "ran", payload, f"ran:{study.pk}")


def _record(study: Study, kind: str, payload: dict[str, Any], key: str) -> None:
    record(learner=study.learner, kind=kind, subject=f"lab:{study.lab}", payload=payload, key=key)
