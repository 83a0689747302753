"""A worker carries out a run: on real servers, stored once, stoppable, fenced off when it was given up."""

import threading
import uuid

import pytest
from django.db import connection

from apps.accounts.models import Learner
from apps.labs import actions, execution, tasks
from apps.labs.models import Run, RunState
from apps.labs.streams import ask_to_stop, read_events
from apps.labs.studies import folded, runs_of
from tests.site import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("broker")]
QUICK = {"duration_s": 2, "objects": 1000}


@pytest.fixture(scope="module", autouse=True)
def warm_bench():
    yield
    execution.close_bench()
    execution.bench.cache_clear()


def queued(lab="caching", **params):
    return Run.objects.create(
        learner=Learner.objects.create(), lab=lab, params={**QUICK, **params}, seed=7,
        idempotency_key=uuid.uuid4(), address_hash="x", request_id="the-click",
    )  # fmt: skip


def has_points(run):
    return any('"hit_ratio"' in event.data for event in read_events(run.pk, "0-0"))


def in_background(job):
    """Start `job` in a thread that gives its database connection back."""

    def work():
        try:
            job()
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_run_is_carried_out_streamed_and_stored():
    run = queued()
    tasks.execute(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.DONE, run.reason
    assert 0 < run.result["figures"]["hit_ratio"] < 1
    entry = run.learner.entries.get()
    assert (entry.kind, entry.payload["figures"]) == ("ran", run.result["figures"])
    assert run.result["kind"] == "measured"
    assert "PostgreSQL" in run.result["passport"]["postgres"]
    names = [event.name for event in read_events(run.pk, "0-0")]
    assert names[0] == "state"
    assert names[-1] == "done"
    assert names.count("points") >= 4


def test_what_was_streamed_is_what_is_stored():
    import json

    run = queued()
    tasks.execute(run.pk)
    run.refresh_from_db()
    streamed = [
        tuple(point)
        for event in read_events(run.pk, "0-0")
        if event.name == "points"
        for point in json.loads(event.data)["points"].get("hit_ratio", [])
    ]
    stored = [(round(x, 3), y) for x, y in run.series["hit_ratio"]]
    assert streamed == stored


def test_delivering_the_message_twice_runs_it_once():
    run = queued()
    tasks.execute(run.pk)
    before = Run.objects.get(pk=run.pk)
    tasks.execute(run.pk)
    after = Run.objects.get(pk=run.pk)
    assert (before.attempt, before.finished_at) == (after.attempt, after.finished_at)


def test_a_run_that_is_told_to_stop_keeps_the_points_so_far():
    run = queued(duration_s=60)
    worker = in_background(lambda: tasks.execute(run.pk))
    until(lambda: has_points(run), within_s=120, what="points arrive")
    ask_to_stop(run.pk)
    worker.join(10)
    run.refresh_from_db()
    assert (run.state, run.reason) == (RunState.STOPPED, "You stopped it.")
    assert run.series["hit_ratio"]


def test_a_worker_that_was_given_up_writes_nothing():
    run = queued(duration_s=60)
    worker = in_background(lambda: tasks.execute(run.pk))
    until(lambda: has_points(run), within_s=120, what="points arrive")
    Run.objects.filter(pk=run.pk).update(attempt=2)  # another worker took over
    worker.join(15)
    run.refresh_from_db()
    assert not worker.is_alive(), "it notices within one renewal of its lease"
    assert (run.state, run.attempt) == (RunState.RUNNING, 2)


def test_a_bug_is_told_as_a_failure_and_reaches_the_log():
    run = queued(lab="perpetual-motion")
    with pytest.raises(LookupError, match="perpetual-motion"):
        tasks.execute(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert run.reason == "Something broke on our side. It is logged."


def test_a_study_is_carried_out_run_by_run_and_recorded_once():
    learner = Learner.objects.create()
    settings = [{**QUICK, "cache_fraction": fraction} for fraction in (0.02, 0.5)]
    study = actions.start_study(
        learner=learner, lab="caching", preset="", settings=settings, param="cache_fraction", values=[0.02, 0.5],
        trials=1, guess=None, key=uuid.uuid4(), address_hash="x", request_id="",
    )  # fmt: skip
    for run in study.runs.order_by("created_at"):
        tasks.execute(run.pk)
    told = folded(study, runs_of(study, with_series=False))
    assert (told["state"], told["done"], told["left_s"]) == ("done", 2, 0)
    small, big = (point["median"] for point in told["points"])
    assert small < big, "a bigger cache answers more reads"
    entry = learner.entries.get(kind="ran")
    assert [point["median"] for point in entry.payload["points"]] == [small, big]


def test_the_worker_logs_with_the_request_id_of_the_click(caplog):
    run = queued()
    tasks.execute(run.pk)
    ended = [record for record in caplog.records if "run_ended" in record.getMessage()]
    assert "the-click" in ended[0].getMessage()
