import uuid

import pytest

from apps.accounts.models import Learner
from apps.labs.models import Run, RunState
from apps.progress.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def commits(django_capture_on_commit_callbacks, broker):
    """Let the queue see what a request commits."""
    with django_capture_on_commit_callbacks(execute=True):
        yield


def test_it_queues_a_run_and_leads_to_its_page(ada):
    answer = ada.start()
    run = Run.objects.get()
    assert answer.status_code == 302
    assert answer.url == f"/runs/{run.pk}/"
    assert run.state == RunState.QUEUED
    assert run.params["objects"] == 1000
    assert run.params["alpha"] == 0.9, "what is not typed has its default"


def test_the_run_keeps_the_request_id_of_the_click(ada):
    answer = ada.start()
    assert Run.objects.get().request_id == answer["X-Request-ID"] != ""


def test_two_clicks_are_one_run(ada):
    key = str(uuid.uuid4())
    first, second = ada.start(idempotency_key=key), ada.start(idempotency_key=key)
    assert first.url == second.url
    assert Run.objects.count() == 1


def test_the_same_form_sent_again_with_other_settings_is_another_run(ada):
    """The answer to its first sending was lost; what is typed now must be what runs."""
    key = str(uuid.uuid4())
    ada.start(idempotency_key=key)
    ada.start(idempotency_key=key, alpha="1.1")
    assert sorted(run.params["alpha"] for run in Run.objects.all()) == [0.9, 1.1]


def test_a_refused_start_leaves_no_learner_behind(ada, brian, settings):
    settings.RUN_LIMITS = {**settings.RUN_LIMITS, "active_per_address": 1}
    ada.start()
    brian.start()
    assert Learner.objects.count() == 1


def test_two_clicks_of_a_first_visit_are_one_run_too(ada, brian):
    """Two requests of one form that carry no session yet, as a double click without script sends them."""
    key = str(uuid.uuid4())
    assert ada.start(idempotency_key=key).url == brian.start(idempotency_key=key).url
    assert ada.session["learner"] == brian.session["learner"]


def test_the_same_key_of_a_stranger_is_another_run(ada, brian):
    key = str(uuid.uuid4())
    ada.start()
    brian.start()
    assert ada.start(idempotency_key=key).url != brian.start(idempotency_key=key).url


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("objects", "12", "Use a whole number from 100 to 100000"),
        ("objects", "many", "Not a number"),
        ("objects", "1000.5", "Not a whole number"),
        ("alpha", "9", "Use a number from 0 to 1.5"),
        ("alpha", "0,9", "A decimal has a point"),
        ("alpha", "nan", "Out of range"),
        ("pattern", "magic", "Choose one of: none, cache-aside"),
    ],
)
def test_a_value_that_is_not_allowed_is_kept_and_explained_beside_its_field(ada, name, typed, said):
    answer = ada.start(**{name: typed, "clients": "7"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    if name != "pattern":
        assert f'value="{typed}"' in page
    assert 'value="7"' in page, "nothing else that was typed is lost"
    assert not Run.objects.exists()


def test_values_that_do_not_go_together_are_explained_beside_the_one_to_change(ada):
    answer = ada.start(duration_s="5", event="flush", event_at_s="9")
    assert answer.status_code == 422
    assert "Use a number up to 4 s, or a longer run." in answer.content.decode()
    assert not Run.objects.exists()


def test_an_unknown_parameter_is_refused_with_the_known_ones(ada):
    answer = ada.start(objets="5")
    assert answer.status_code == 422
    assert "There is no parameter “objets”. Known: " in answer.content.decode()


def test_an_unknown_lab_is_not_found(ada):
    assert ada.post("/labs/perpetual-motion/runs/").status_code == 404


def test_a_bet_needs_a_number(ada):
    answer = ada.start(bet="guess")
    assert answer.status_code == 422
    assert "Type your guess, or skip it." in answer.content.decode()


def test_a_guess_lies_within_its_range(ada):
    answer = ada.start(bet="guess", guess="50", guess_low="60", guess_high="70")
    assert "Your guess must lie within your range." in answer.content.decode()
    assert 'value="50"' in answer.content.decode()


def test_a_guess_is_stored_with_the_run_and_in_the_learning_record(ada):
    ada.start(bet="guess", guess="75 %", guess_low="60", guess_high="85")
    run = Run.objects.get()
    assert run.guess == {"figure": "hit_ratio", "value": 0.75, "low": 0.6, "high": 0.85}
    entry = Entry.objects.get()
    assert (entry.kind, entry.subject, entry.learner) == ("predicted", "lab:caching", run.learner)
    assert entry.payload["value"] == 0.75


def test_the_run_limit_answers_429_with_when_to_retry_and_keeps_what_was_typed(ada, settings):
    settings.RUN_LIMITS = {**settings.RUN_LIMITS, "active_per_learner": 1}
    ada.start()
    answer = ada.start(alpha="1.1")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert (
        "You have 1 run unfinished. Wait for one to end, or stop it. Try again in 15 seconds."
        in answer.content.decode()
    )
    assert 'value="1.1"' in answer.content.decode()
    assert Run.objects.count() == 1


def test_the_hourly_limit_says_when_the_oldest_leaves_the_hour(ada, settings):
    settings.RUN_LIMITS = {**settings.RUN_LIMITS, "hourly_per_learner": 1, "active_per_learner": 9}
    ada.start()
    answer = ada.start()
    assert answer.status_code == 429
    assert 3590 <= int(answer["Retry-After"]) <= 3600


def test_clearing_cookies_does_not_lift_the_limit_of_an_address(ada, brian, settings):
    settings.RUN_LIMITS = {**settings.RUN_LIMITS, "active_per_address": 1}
    ada.start()
    assert brian.start().status_code == 429


def test_htmx_gets_the_panel_alone(ada):
    answer = ada.post("/labs/caching/runs/", {"bet": "skip"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert "<lab-run" in answer.content.decode()


def test_a_form_without_a_token_is_refused():
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/labs/caching/runs/", {"bet": "skip"}).status_code == 403
