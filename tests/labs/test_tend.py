from datetime import timedelta

import pytest
from django.utils.timezone import now

from apps.labs import actions
from apps.labs.models import Run, RunState
from apps.labs.streams import read_events

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(ada, broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ada.start()
    broker.delete(actions.QUEUE)
    return Run.objects.get()


def silence(run):
    """Claim the run as a worker that then dies would."""
    Run.objects.claim(run.pk)
    Run.objects.update(lease_until=now() - timedelta(seconds=1))


def test_a_run_whose_worker_is_alive_is_left_alone(run):
    Run.objects.claim(run.pk)
    assert actions.tend() == {"requeued": 0, "lost": 0, "resent": 0}


def test_a_run_whose_worker_died_is_queued_once_more(run, broker):
    silence(run)
    assert actions.tend()["requeued"] == 1
    run.refresh_from_db()
    assert run.state == RunState.QUEUED
    assert run.reason == "Its worker died; it was started again."
    assert broker.llen(actions.QUEUE) == 1


def test_after_the_second_death_it_is_lost_and_says_why(run):
    silence(run)
    actions.tend()
    silence(run)
    assert actions.tend()["lost"] == 1
    run.refresh_from_db()
    assert run.state == RunState.LOST
    assert "died 2 times" in run.reason
    assert read_events(run.pk, "0-0")[-1].name == "done"


def test_a_stopped_run_whose_worker_died_counts_as_stopped(run, ada):
    Run.objects.claim(run.pk)
    ada.post(f"/runs/{run.pk}/stop/")
    Run.objects.update(lease_until=now() - timedelta(seconds=1))
    actions.tend()
    run.refresh_from_db()
    assert run.state == RunState.STOPPED


def test_an_id_that_the_broker_lost_is_sent_again(run, broker):
    Run.objects.update(enqueued_at=now() - timedelta(seconds=11))
    assert actions.tend()["resent"] == 1
    assert broker.llen(actions.QUEUE) == 1
    assert actions.tend()["resent"] == 0, "not before ten more seconds"


def test_a_run_that_waits_behind_others_is_not_sent_again(run, broker):
    Run.objects.update(enqueued_at=now() - timedelta(seconds=11))
    broker.lpush(actions.QUEUE, "somebody else's run")
    assert actions.tend()["resent"] == 0


def test_a_worker_that_was_given_up_cannot_write_any_more(run):
    first = Run.objects.claim(run.pk)
    Run.objects.update(lease_until=now() - timedelta(seconds=1))
    actions.tend()
    second = Run.objects.claim(run.pk)
    assert (first.attempt, second.attempt) == (1, 2)
    assert not Run.objects.held_by(run.pk, first.attempt).exists()
    assert Run.objects.held_by(run.pk, second.attempt).exists()
