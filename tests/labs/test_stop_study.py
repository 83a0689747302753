import pytest

from apps.labs.models import Run, RunState, Study
from apps.labs.streams import stop_key
from apps.progress.models import Entry
from tests.labs.rows import carry_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]


@pytest.fixture
def study(ada):
    ada.study()
    return Study.objects.get()


def runs():
    return list(Run.objects.order_by("created_at"))


def stop(client, study):
    return client.post(f"/studies/{study.pk}/stop/")


def state_of(client, study):
    return client.get(f"/studies/{study.pk}/data.json").json()["state"]


def test_what_waits_stops_at_once_and_what_goes_on_is_asked(ada, study, broker, django_capture_on_commit_callbacks):
    running = Run.objects.claim(runs()[0].pk)
    with django_capture_on_commit_callbacks(execute=True):
        assert stop(ada, study).url == study.get_absolute_url()
    states = [run.state for run in runs()]
    assert states == [RunState.RUNNING] + 5 * [RunState.STOPPED]
    assert broker.exists(stop_key(running.pk))
    assert Run.objects.get(pk=running.pk).stop_requested_at is not None
    study.refresh_from_db()
    assert study.stop_requested_at is not None


def test_what_was_measured_stays_and_is_recorded(ada, study):
    carry_out(runs()[0], hit_ratio=0.3)
    stop(ada, study)
    told = ada.get(f"/studies/{study.pk}/data.json").json()
    assert (told["state"], told["done"], told["points"][0]["median"]) == ("stopped", 1, 0.3)
    assert Entry.objects.get(kind="ran").payload["state"] == "stopped"


def test_a_study_that_was_stopped_before_its_first_result_records_none(ada, study):
    stop(ada, study)
    assert state_of(ada, study) == "stopped"
    assert not Entry.objects.filter(kind="ran").exists()


def test_a_stranger_cannot_stop_it(ada, brian, grace, study):
    brian.start()
    for stranger in (brian, grace):
        assert stop(stranger, study).status_code == 404
    assert {run.state for run in study.runs.all()} == {RunState.QUEUED}


def test_stopping_twice_is_harmless(ada, study):
    stop(ada, study)
    first = Study.objects.get().stop_requested_at
    assert stop(ada, study).status_code == 302
    assert Study.objects.get().stop_requested_at == first


def test_a_study_that_was_done_stays_done(ada, study):
    for run in runs():
        carry_out(run, hit_ratio=0.5)
    stop(ada, study)
    assert state_of(ada, study) == "done"
    assert Entry.objects.filter(kind="ran").count() == 1


def test_after_it_another_may_start(ada, study):
    stop(ada, study)
    assert ada.study().status_code == 302


def test_it_rejects_get(ada, study):
    assert ada.get(f"/studies/{study.pk}/stop/").status_code == 405
