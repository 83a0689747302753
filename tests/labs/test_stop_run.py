import pytest

from apps.labs.models import Run, RunState
from apps.labs.streams import read_events, stop_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]


def test_a_queued_run_stops_at_once_and_says_so(ada):
    ada.start()
    run = Run.objects.get()
    ada.post(f"/runs/{run.pk}/stop/")
    run.refresh_from_db()
    assert run.state == RunState.STOPPED
    assert run.reason == "You stopped it before it began."
    assert [event.name for event in read_events(run.pk, "0-0")] == ["done"]


def test_a_running_one_is_asked_through_the_row_and_through_redis(ada, broker):
    ada.start()
    run = Run.objects.claim(Run.objects.get().pk)
    ada.post(f"/runs/{run.pk}/stop/")
    run.refresh_from_db()
    assert run.stop_requested_at is not None
    assert broker.exists(stop_key(run.pk))


def test_a_stranger_cannot_stop_it(ada, brian):
    ada.start()
    brian.start()
    run = Run.objects.order_by("created_at").first()
    assert brian.post(f"/runs/{run.pk}/stop/").status_code == 404
    run.refresh_from_db()
    assert run.state == RunState.QUEUED


def test_somebody_without_a_learner_cannot_stop_it(ada, grace):
    ada.start()
    assert grace.post(f"/runs/{Run.objects.get().pk}/stop/").status_code == 404


def test_stopping_twice_is_harmless(ada):
    ada.start()
    run = Run.objects.get()
    ada.post(f"/runs/{run.pk}/stop/")
    assert ada.post(f"/runs/{run.pk}/stop/").status_code == 302


def test_it_rejects_get(ada):
    ada.start()
    assert ada.get(f"/runs/{Run.objects.get().pk}/stop/").status_code == 405
