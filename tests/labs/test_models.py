import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now

from apps.accounts.models import Learner
from apps.labs import actions
from apps.labs.limits import RunLimitReached
from apps.labs.models import Run, RunState


def new_run(**fields):
    learner = Learner.objects.create()
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
