import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now

from apps.accounts.models import Learner
from apps.labs import actions
from apps.labs.ending import end
from apps.labs.limits import RunLimitReached
from apps.labs.models import Run, RunState, Study
from apps.progress.models import Entry
from tests.labs.rows import carry_out, result_of


def new_run(**fields):
    learner = fields.pop("learner", None) or Learner.objects.create()
    defaults = {"lab": "caching", "params": {}, "seed": 1, "idempotency_key": uuid.uuid4(), "address_hash": "x"}
    return Run.objects.create(learner=learner, **{**defaults, **fields})


def in_threads(job, times):
    """Run `job` that many times at once, each in a thread with its own connection."""

    def work(_):
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(work, range(times)))


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_claims_a_run():
    run = new_run()
    claims = in_threads(lambda: Run.objects.claim(run.pk), 8)
    assert [claim.attempt for claim in claims if claim] == [1]


@pytest.mark.django_db(transaction=True)
def test_parallel_starts_never_pass_the_limit(settings, broker):
    settings.RUN_LIMITS = {**settings.RUN_LIMITS, "active_per_learner": 2}
    learner = Learner.objects.create()

    def start():
        try:
            return actions.start_run(
                learner=learner, lab="caching", preset="", params={}, guess=None, key=uuid.uuid4(),
                address_hash="x", request_id="",
            )  # fmt: skip
        except RunLimitReached:
            return None

    started = [run for run in in_threads(start, 12) if run]
    assert len(started) == Run.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_parallel_clicks_of_one_form_are_one_run(broker):
    learner, key = Learner.objects.create(), uuid.uuid4()

    def start():
        return actions.start_run(
            learner=learner, lab="caching", preset="", params={}, guess=None, key=key, address_hash="x", request_id=""
        ).pk

    assert len(set(in_threads(start, 8))) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "impossible",
    [
        {"state": RunState.DONE, "finished_at": now()},
        {"state": RunState.FAILED, "finished_at": now()},
        {"state": RunState.LOST, "reason": "why", "finished_at": None},
    ],
    ids=["done without a result", "failed without a reason", "ended without an end"],
)
def test_the_database_refuses_impossible_runs(impossible):
    run = new_run()
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(**impossible)


@pytest.mark.django_db
@pytest.mark.parametrize("place", [{"position": 0}, {"trial": 0}, {"position": 0, "trial": 0}])
def test_the_database_refuses_a_place_without_a_study(place):
    with pytest.raises(IntegrityError), transaction.atomic():
        new_run(**place)


def new_study(**fields):
    defaults = {"lab": "caching", "params": {}, "seed": 1, "trials": 2, "address_hash": "x"}
    learner = Learner.objects.create()
    return Study.objects.create(learner=learner, idempotency_key=uuid.uuid4(), **{**defaults, **fields})


@pytest.mark.django_db
def test_the_database_refuses_two_runs_at_one_place_of_a_study():
    study = new_study()
    new_run(study=study, position=0, trial=0)
    new_run(study=study, position=0, trial=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        new_run(study=study, position=0, trial=1)


@pytest.mark.django_db
@pytest.mark.parametrize("impossible", [{"param": "alpha"}, {"values": [1, 2]}, {"trials": 0}])
def test_the_database_refuses_impossible_studies(impossible):
    with pytest.raises(IntegrityError), transaction.atomic():
        new_study(**impossible)


@pytest.mark.django_db(transaction=True)
def test_parallel_clicks_of_one_form_are_one_study(broker):
    learner, key = Learner.objects.create(), uuid.uuid4()

    def start():
        return actions.start_study(
            learner=learner, lab="caching", preset="", settings=[{"alpha": 0.5}, {"alpha": 1}], param="alpha",
            values=[0.5, 1], trials=3, guess=None, key=key, address_hash="x", request_id="",
        ).pk  # fmt: skip

    assert len(set(in_threads(start, 8))) == 1
    assert Run.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_of_runs_that_end_at_the_same_moment_the_last_one_records_the_study(broker):
    study = new_study(trials=6)
    runs = [new_run(learner=study.learner, study=study, position=0, trial=trial) for trial in range(6)]
    todo = iter(runs)
    in_threads(lambda: carry_out(next(todo), hit_ratio=0.5), 6)
    entry = Entry.objects.get(kind="ran")
    assert entry.payload["points"][0]["n"] == 6


@pytest.mark.django_db(transaction=True)
def test_a_stop_and_the_ends_of_runs_do_not_wait_for_each_other_for_ever(broker):
    study = new_study(trials=8)
    runs = [new_run(learner=study.learner, study=study, position=0, trial=trial) for trial in range(8)]
    claimed = [Run.objects.claim(run.pk) for run in runs[:7]]
    todo = iter([*(lambda run=run: end_done(run) for run in claimed), lambda: actions.stop_study(study)])
    in_threads(lambda: next(todo)(), 8)
    assert study.is_final
    assert Entry.objects.get(kind="ran").payload["points"][0]["n"] == 7


def end_done(run):
    held = Run.objects.held_by(run.pk, run.attempt)
    assert end(held, run, state=RunState.DONE, result=result_of(hit_ratio=0.5))
