from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils.timezone import now

from apps.labs import tending
from apps.labs.models import INTERACTIVE, LONG, Run, RunState, Study
from apps.labs.streams import read_events
from apps.progress.models import Entry
from tests.labs.rows import carry_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(ada, broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ada.start()
    broker.delete(INTERACTIVE)
    broker.set(tending.STEADY_KEY, now().timestamp() - 60)
    return Run.objects.get()


def silence(run):
    """Claim the run as a worker that then dies would."""
    Run.objects.claim(run.pk)
    Run.objects.update(lease_until=now() - timedelta(seconds=1))


def test_a_run_whose_worker_is_alive_is_left_alone(run):
    Run.objects.claim(run.pk)
    assert tending.tend() == {"requeued": 0, "lost": 0, "resent": 0}


def test_a_run_whose_worker_died_is_queued_once_more(run, broker):
    silence(run)
    assert tending.tend()["requeued"] == 1
    run.refresh_from_db()
    assert run.state == RunState.QUEUED
    assert run.reason == "Its worker died; it was started again."
    assert broker.llen(INTERACTIVE) == 1


def test_after_the_second_death_it_is_lost_and_says_why(run):
    silence(run)
    tending.tend()
    silence(run)
    assert tending.tend()["lost"] == 1
    run.refresh_from_db()
    assert run.state == RunState.LOST
    assert "died 2 times" in run.reason
    assert read_events(run.pk, "0-0")[-1].name == "done"


def test_a_stopped_run_whose_worker_died_counts_as_stopped(run, ada):
    Run.objects.claim(run.pk)
    ada.post(f"/runs/{run.pk}/stop/")
    Run.objects.update(lease_until=now() - timedelta(seconds=1))
    tending.tend()
    run.refresh_from_db()
    assert run.state == RunState.STOPPED


def test_an_id_that_the_broker_lost_is_sent_again(run, broker):
    Run.objects.update(enqueued_at=now() - timedelta(seconds=11))
    assert tending.tend()["resent"] == 1
    assert broker.llen(INTERACTIVE) == 1
    assert tending.tend()["resent"] == 0, "not before ten more seconds"


def test_a_run_that_waits_behind_others_is_not_sent_again(run, broker):
    Run.objects.update(enqueued_at=now() - timedelta(seconds=11))
    broker.lpush(INTERACTIVE, "somebody else's run")
    assert tending.tend()["resent"] == 0


def test_a_worker_that_was_given_up_cannot_write_any_more(run):
    first = Run.objects.claim(run.pk)
    Run.objects.update(lease_until=now() - timedelta(seconds=1))
    tending.tend()
    second = Run.objects.claim(run.pk)
    assert (first.attempt, second.attempt) == (1, 2)
    assert not Run.objects.held_by(run.pk, first.attempt).exists()
    assert Run.objects.held_by(run.pk, second.attempt).exists()


def test_just_after_an_outage_no_lease_is_judged(run, broker):
    """The leases of healthy workers have run out as well; they need a moment to renew them."""
    broker.delete(tending.STEADY_KEY)  # as a turn does that finds no database, or that is missed
    silence(run)
    assert tending.tend() == {"requeued": 0, "lost": 0, "resent": 0}
    broker.set(tending.STEADY_KEY, now().timestamp() - 9)
    assert tending.tend()["requeued"] == 0
    broker.set(tending.STEADY_KEY, now().timestamp() - 10)
    assert tending.tend()["requeued"] == 1


@pytest.mark.django_db(transaction=True)
def test_a_turn_without_a_database_forgets_that_it_was_steady(run, broker, caplog):
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert tending.tend() == {"requeued": 0, "lost": 0, "resent": 0}
    connection.close()
    assert "tending_waits_for_database" in caplog.text
    assert not broker.exists(tending.STEADY_KEY)


def test_steadiness_is_forgotten_when_turns_are_missed(run, broker):
    tending.tend()
    assert 0 < broker.ttl(tending.STEADY_KEY) <= tending.MISSED_S


@pytest.mark.parametrize(("days", "kept"), [(29, True), (31, False)])
def test_after_thirty_days_a_run_forgets_where_it_came_from(ada, run, days, kept):
    ada.study()
    for rows in (Run.objects, Study.objects):
        rows.update(created_at=now() - timedelta(days=days))
    forgotten = tending.forget_addresses()
    assert forgotten == (0 if kept else 8)
    assert tending.forget_addresses() == 0, "once is enough"
    assert bool(Study.objects.get().address_hash) == bool(Run.objects.first().address_hash) == kept


def test_a_stop_that_comes_while_the_reaper_looks_is_not_lost(run):
    silence(run)
    stale = Run.objects.stale().get()
    Run.objects.update(stop_requested_at=now())
    tending._requeue_or_lose(stale)
    assert Run.objects.get().state == RunState.RUNNING
    tending.tend()
    assert Run.objects.get().state == RunState.STOPPED


def test_a_dead_worker_costs_a_study_one_attempt_of_one_run(ada, run, broker):
    ada.study()
    broker.delete(LONG)
    first = Study.objects.get().runs.order_by("created_at").first()
    Run.objects.claim(first.pk)
    Run.objects.filter(pk=first.pk).update(lease_until=now() - timedelta(seconds=1))
    assert tending.tend()["requeued"] == 1
    assert (broker.llen(LONG), broker.llen(INTERACTIVE)) == (1, 0), "back on the queue of studies"


def test_a_study_whose_last_run_is_lost_is_recorded_once(ada, run):
    ada.study(values="0.1 0.5", trials="1")
    done, lost = Study.objects.get().runs.order_by("created_at")
    carry_out(done, hit_ratio=0.5)
    for _ in range(2):
        Run.objects.claim(lost.pk)
        Run.objects.filter(pk=lost.pk).update(lease_until=now() - timedelta(seconds=1))
        tending.tend()
    assert Run.objects.get(pk=lost.pk).state == RunState.LOST
    entry = Entry.objects.get(kind="ran")
    assert [point["n"] for point in entry.payload["points"]] == [1, 0]
