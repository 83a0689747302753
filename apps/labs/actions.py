"""What can be done with runs and studies? Start one, stop one. Doing it twice is doing it once."""

import random
import uuid
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from apps.accounts.models import Learner
from apps.labs import limits, streams
from apps.labs.costs import planned_s
from apps.labs.ending import end
from apps.labs.models import Run, RunState, Study
from apps.labs.queueing import enqueue, enqueue_study
from apps.labs.studies import note_end, note_guess
from apps.progress.models import record

BEFORE_IT_BEGAN = "You stopped it before it began."
SEEDS = 2**31 - 64  # the seeds of a study follow its first


@transaction.atomic
def start_run(
    *,
    learner: Learner,
    lab: str,
    preset: str,
    params: dict[str, Any],
    guess: dict[str, Any] | None,
    key: uuid.UUID,
    address_hash: str,
    request_id: str,
    challenge: str = "",
) -> Run:
    """Return the run of this key: a new queued one, or the one that an earlier click made. Raises RunLimitReached."""
    limits.lock(learner, address_hash)
    if earlier := Run.objects.filter(learner=learner, idempotency_key=key).first():
        asked = (lab, params, guess, challenge)
        if (earlier.lab, earlier.params, earlier.guess, earlier.challenge) == asked:
            return earlier
        key = uuid.uuid4()  # the same form, sent again with other settings: the answer to its first sending was lost
    limits.check_run(learner, address_hash, planned_s(lab, params))
    run = Run.objects.create(
        learner=learner,
        idempotency_key=key,
        lab=lab,
        preset=preset,
        challenge=challenge,
        params=params,
        planned_s=planned_s(lab, params),
        guess=guess,
        seed=new_seed(),
        address_hash=address_hash,
        request_id=request_id,
    )
    _note_guess(run)
    transaction.on_commit(lambda: enqueue(run))
    return run


def new_seed() -> int:
    """Return a seed to repeat a run by. It is no secret."""
    return random.randrange(SEEDS)  # noqa: S311


def _note_guess(run: Run) -> None:
    if run.guess:
        payload = {"run": run.pk, **run.guess}
        record(learner=run.learner, kind="predicted", subject=f"lab:{run.lab}", payload=payload, key=f"guess:{run.pk}")


@transaction.atomic
def start_study(
    *,
    learner: Learner,
    lab: str,
    preset: str,
    settings: list[dict[str, Any]],
    param: str,
    values: list[float | str],
    trials: int,
    guess: dict[str, Any] | None,
    key: uuid.UUID,
    address_hash: str,
    request_id: str,
    challenge: str = "",
) -> Study:
    """Return the study of this key: a new one with all its runs queued, or the one that an earlier click made.

    `settings` are the params at each of `values`; where nothing is swept, the only ones. Raises RunLimitReached.
    """
    limits.lock(learner, address_hash)
    asked = {"lab": lab, "params": settings[0], "param": param, "values": values, "trials": trials, "guess": guess}
    asked["challenge"] = challenge
    if earlier := Study.objects.filter(learner=learner, idempotency_key=key).first():
        if all(getattr(earlier, name) == value for name, value in asked.items()):
            return earlier
        key = uuid.uuid4()  # as in start_run
    limits.check_study(learner, address_hash, trials * sum(planned_s(lab, one) for one in settings))
    study = Study.objects.create(
        learner=learner, preset=preset, idempotency_key=key, seed=new_seed(),
        address_hash=address_hash, request_id=request_id, **asked,
    )  # fmt: skip
    runs = Run.objects.bulk_create(_runs(study, settings))
    note_guess(study)
    transaction.on_commit(lambda: enqueue_study(run.pk for run in runs))
    return study


def _runs(study: Study, settings: list[dict[str, Any]]) -> list[Run]:
    """Return the runs of a study in the order in which they are carried out: every value once, then once more.

    So what there is at any moment can be compared, and what slows the machine for a while touches all values. A
    trial has the same seed at every value: common random numbers, so that values differ by what was changed.
    """
    places = [(trial, position) for trial in range(study.trials) for position in range(len(settings))]
    return [
        Run(
            study=study,
            position=position,
            trial=trial,
            seed=study.seed + trial,
            params=settings[position],
            planned_s=planned_s(study.lab, settings[position]),
            learner=study.learner,
            lab=study.lab,
            preset=study.preset,
            idempotency_key=uuid.uuid4(),
            address_hash=study.address_hash,
            request_id=study.request_id,
            created_at=study.created_at + timedelta(microseconds=order),  # the queue's order, also in the table
        )
        for order, (trial, position) in enumerate(places)
    ]


def stop_run(run: Run) -> None:
    """Stop a run: at once if it waits, within a batch if it goes on. Harmless on one that has ended."""
    queued = Run.objects.filter(pk=run.pk, state=RunState.QUEUED)
    if end(queued, run, state=RunState.STOPPED, reason=BEFORE_IT_BEGAN):
        streams.announce(run.pk, "done", {"state": RunState.STOPPED})
        return
    if Run.objects.filter(pk=run.pk, state=RunState.RUNNING).update(stop_requested_at=now()):
        streams.ask_to_stop(run.pk)


@transaction.atomic
def stop_study(study: Study) -> None:
    """Stop a study: its waiting runs at once, those that go on within a batch. What was measured stays.

    The runs before the study's own row, as a worker does that ends a run: so neither waits for the other for ever.
    """
    running = study.runs.filter(state=RunState.RUNNING)
    running.update(stop_requested_at=now())  # first: one that is put back now is either marked, or queued below
    study.runs.filter(state=RunState.QUEUED).update(state=RunState.STOPPED, reason=BEFORE_IT_BEGAN, finished_at=now())
    Study.objects.filter(pk=study.pk, stop_requested_at=None).update(stop_requested_at=now())
    note_end(study.pk)
    for run_id in running.values_list("pk", flat=True):
        transaction.on_commit(partial(streams.ask_to_stop, run_id))  # a Redis that hangs must not hold the rows
