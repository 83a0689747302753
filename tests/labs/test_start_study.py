import json
import time
import uuid
from datetime import timedelta

import pytest
from celery import Celery
from django.utils.timezone import now

from apps.experiments.registry import experiments
from apps.labs import queueing, tending
from apps.labs.models import INTERACTIVE, LONG, Run, RunState, Study
from apps.labs.study_forms import StudyForm
from apps.labs.units import scale
from apps.progress.models import Entry

pytestmark = pytest.mark.django_db
CURVE = {"bet": "guess", "curve_0": "30 %", "curve_1": "50", "curve_2": "80", "within": "10"}


@pytest.fixture(autouse=True)
def commits(django_capture_on_commit_callbacks, broker):
    """Let the queue see what a request commits."""
    with django_capture_on_commit_callbacks(execute=True):
        yield


def said(answer):
    return " ".join(answer.content.decode().split())


def test_it_queues_all_runs_and_leads_to_the_studys_page(ada):
    answer = ada.study()
    study = Study.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/studies/{study.pk}/")
    assert (study.param, study.values, study.trials) == ("cache_fraction", [0.1, 0.2, 0.5], 2)
    assert study.runs.count() == study.runs.filter(state=RunState.QUEUED).count() == 6
    assert {run.request_id for run in study.runs.all()} == {answer["X-Request-ID"]}


def test_values_take_turns_so_that_what_there_is_can_be_compared(ada):
    ada.study()
    runs = Run.objects.order_by("created_at")
    assert [(run.trial, run.params["cache_fraction"]) for run in runs] == [
        (0, 0.1), (0, 0.2), (0, 0.5), (1, 0.1), (1, 0.2), (1, 0.5),
    ]  # fmt: skip


def test_a_trial_has_the_same_seed_at_every_value(ada):
    ada.study()
    study = Study.objects.get()
    seeds = {run.trial: set() for run in study.runs.all()}
    for run in study.runs.all():
        seeds[run.trial].add(run.seed)
    assert seeds == {0: {study.seed}, 1: {study.seed + 1}}


def test_the_ids_travel_by_the_queue_of_long_work_in_their_order(ada, broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ada.study()
    messages = [json.loads(message) for message in reversed(broker.lrange(LONG, 0, -1))]
    ids = [message["headers"]["argsrepr"].strip("()[],'") for message in messages]
    assert ids == list(Run.objects.order_by("created_at").values_list("pk", flat=True))
    assert len({message["headers"]["group"] for message in messages}) == 1, "one Celery group"
    assert {message["headers"]["task"] for message in messages} == {"apps.labs.tasks.execute"}
    assert {tuple(message["headers"]["timelimit"]) for message in messages} == {(915, 900)}
    assert not broker.llen(INTERACTIVE), "who waits for one run does not wait behind a study"


def test_two_clicks_are_one_study(ada):
    key = str(uuid.uuid4())
    assert ada.study(idempotency_key=key).url == ada.study(idempotency_key=key).url
    assert (Study.objects.count(), Run.objects.count()) == (1, 6)


def test_the_same_form_with_other_settings_is_another_study(ada, settings):
    key = str(uuid.uuid4())
    ada.study(idempotency_key=key)
    ada.post(f"/studies/{Study.objects.get().pk}/stop/")
    ada.study(idempotency_key=key, trials="3")
    assert Study.objects.count() == 2


def test_trials_alone_sweep_nothing(ada):
    ada.study(param="", values="", trials="4")
    study = Study.objects.get()
    assert (study.param, study.values) == ("", [])
    assert [(run.position, run.trial) for run in study.runs.order_by("created_at")] == [(0, i) for i in range(4)]


def test_a_setting_that_is_picked_from_a_list_can_be_swept(ada):
    ada.study(param="eviction", values="allkeys-random allkeys-lru", trials="1")
    assert [run.params["eviction"] for run in Run.objects.order_by("created_at")] == ["allkeys-random", "allkeys-lru"]


def test_a_sketched_curve_is_stored_and_recorded_once(ada):
    key = str(uuid.uuid4())
    ada.study(idempotency_key=key, **CURVE)
    ada.study(idempotency_key=key, **CURVE)
    study = Study.objects.get()
    assert study.guess == {
        "figure": "hit_ratio", "param": "cache_fraction", "curve": [[0.1, 0.3], [0.2, 0.5], [0.5, 0.8]], "within": 0.1,
    }  # fmt: skip
    entry = Entry.objects.get()
    assert (entry.kind, entry.subject, entry.learner) == ("predicted", "lab:caching", study.learner)
    assert (entry.payload["study"], entry.payload["curve"]) == (study.pk, study.guess["curve"])


def test_a_curve_may_come_as_one_list(ada):
    ada.study(bet="guess", curve="[30, 50, 80]", within="10")
    assert Study.objects.get().guess["curve"] == [[0.1, 0.3], [0.2, 0.5], [0.5, 0.8]]


def test_a_number_is_bet_on_trials_alone(ada):
    ada.study(param="", trials="3", bet="guess", guess="75", guess_low="60", guess_high="85")
    assert Study.objects.get().guess == {"figure": "hit_ratio", "value": 0.75, "low": 0.6, "high": 0.85}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"param": "cache_size"}, "There is no parameter “cache_size”. Known: "),
        ({"values": ""}, "Type 2 to 12 values with spaces between them."),
        ({"values": "0.1"}, "Type 2 to 12 values"),
        ({"values": "0.1 many"}, "“many”: Not a number."),
        ({"values": "0.1 9"}, "“9”: Out of range."),
        ({"values": "0.1 0.1"}, "Type each value once."),
        ({"values": "0.5 0.1"}, "Type the values in rising order."),
        ({"trials": "21"}, "Use a whole number from 1 to 20."),
        ({"trials": "a few"}, "Use a whole number from 1 to 20."),
        ({"param": "", "trials": "1"}, "One trial of one setting is a single run."),
        ({"trials": "20", "values": "0.1 0.2 0.3 0.5"}, "4 values × 20 trials are 80 runs; a study may have 60."),
        (
            {"duration_s": "60", "trials": "4"},
            "3 values × 4 trials measure for 720 s; a study may take 600 s. Use a shorter run, or fewer trials",
        ),
        ({"param": "duration_s", "values": "2 120", "trials": "5"}, "2 values × 5 trials measure for 610 s"),
        ({"alpha": "9"}, "Use a number from 0 to 1.5"),
        ({"objets": "5"}, "There is no parameter “objets”."),
    ],
)
def test_what_is_typed_wrongly_is_answered_with_what_to_change(ada, typed, told):
    answer = ada.study(**typed)
    assert answer.status_code == 422
    form = answer.context["panel"].params
    assert told in " ".join(error for errors in form.errors.values() for error in errors)
    assert not Study.objects.exists()


def test_settings_that_do_not_go_together_at_one_value_are_refused(ada):
    answer = ada.study(param="event_at_s", values="1 60", event="flush", duration_s="5")
    assert answer.status_code == 422
    assert "With event_at_s = 60" in answer.context["panel"].params.errors["event_at_s"][0]


@pytest.mark.parametrize(
    ("bet", "told"),
    [
        ({**CURVE, "curve_1": ""}, "Draw your whole curve, or skip it."),
        ({**CURVE, "curve_1": "300"}, "Use a number from 0 to 100"),
        ({**CURVE, "within": ""}, "Say within how much of your curve the results lie."),
        ({"bet": "guess", "curve": "[1, 2]", "within": "5"}, "The curve needs 3 numbers, one for each value."),
        ({"bet": "guess", "curve": "{", "within": "5"}, "The curve needs 3 numbers"),
        ({"bet": "guess", "curve": "[" * 1000, "within": "5"}, "The curve needs 3 numbers"),
        ({"bet": "guess", "curve": '[1, "x", null]', "within": "5"}, "Draw your whole curve"),
    ],
)
def test_a_curve_that_is_not_whole_is_answered_with_what_is_missing(ada, bet, told):
    answer = ada.study(**bet)
    assert answer.status_code == 422
    assert told in " ".join(error for errors in answer.context["panel"].guess.errors.values() for error in errors)
    assert not Study.objects.exists()


def sweeping_preset():
    """The first question of the caching lab whose answer is a curve."""
    return next((slug, preset) for slug, preset in experiments()["caching"].presets.items() if preset.sweep)


def test_a_question_with_a_sweep_needs_no_more_than_its_name(ada):
    slug, preset = sweeping_preset()
    ada.study(preset=slug, param=None, values=None, trials=None)
    study = Study.objects.get()
    assert (study.param, tuple(study.values), study.trials) == (preset.sweep.param, preset.sweep.values, 1)


def test_a_question_with_a_sweep_is_bet_on_with_a_curve(ada):
    slug, preset = sweeping_preset()
    figure, low = preset.predict.figure, preset.predict.low
    typed = f"{low * scale(experiments()['caching'].figures[figure]):.12g}"
    curve = {f"curve_{number}": typed for number in range(len(preset.sweep.values))}
    ada.study(preset=slug, param=None, values=None, trials=None, bet="guess", within="1", **curve)
    guess = Study.objects.get().guess
    assert (guess["figure"], guess["param"]) == (figure, preset.sweep.param)
    assert guess["curve"] == [[value, pytest.approx(low)] for value in preset.sweep.values]


def test_a_question_with_a_sweep_may_be_asked_at_one_setting(ada):
    slug, _ = sweeping_preset()
    ada.study(preset=slug, param="", values="", trials="2")
    assert Study.objects.get().param == ""


def test_an_unknown_lab_is_not_found(ada):
    assert ada.post("/labs/perpetual-motion/studies/").status_code == 404


def test_the_form_of_a_run_may_carry_the_fields_of_a_study(ada):
    """One page has the buttons for both."""
    ada.start(trials="5", param="alpha", values="0.5 1", curve_0="", within="")
    assert Run.objects.get().study is None


def test_one_study_at_a_time(ada):
    ada.study()
    answer = ada.study()
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "You have a study unfinished. Wait for it to end, or stop it." in said(answer)
    assert Study.objects.count() == 1


def test_a_study_does_not_stand_in_the_way_of_a_single_run(ada):
    ada.study()
    assert ada.start().status_code == 302


def test_htmx_gets_the_study_alone(ada):
    typed = {"bet": "skip", "param": "alpha", "values": "0.5 1", "duration_s": "2"}
    answer = ada.post("/labs/caching/studies/", typed, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()


def test_ids_that_never_reached_the_queue_are_sent_again(ada, broker):
    ada.study()
    broker.delete(LONG)
    Run.objects.update(enqueued_at=now() - timedelta(seconds=11))
    assert tending.tend()["resent"] == 6
    assert (broker.llen(LONG), broker.llen(INTERACTIVE)) == (6, 0)
    assert tending.tend()["resent"] == 0


def test_ids_that_find_no_broker_keep_no_page_waiting(broker, monkeypatch, caplog):
    nobody = Celery("nobody", broker="redis://127.0.0.1:1/0")  # a real client, and no server at that address
    ours = queueing.celery.conf
    nobody.conf.update(task_publish_retry=False, broker_transport_options=ours.broker_transport_options)
    monkeypatch.setattr(queueing, "celery", nobody)
    started = time.monotonic()
    assert not queueing.enqueue_study(["sixteen-letters-"])
    assert time.monotonic() - started < 2
    assert "queue_away" in caplog.text


def test_no_setting_has_the_name_of_a_field_of_the_forms():
    fields = set(StudyForm.base_fields)
    taken = [
        f"{slug}: {name}"
        for slug, lab in experiments().items()
        for name in lab.params
        if name in fields or StudyForm.own_names.fullmatch(name)
    ]
    assert taken == []


def test_a_study_of_a_lab_with_trial_calls_starts(ada):
    answer = ada.post("/labs/circuit-breaker/studies/", {"bet": "skip", "param": "", "trials": "2", "trial_calls": "4"})
    assert answer.status_code == 302
    assert Study.objects.get().trials == 2
    assert Study.objects.get().params["trial_calls"] == 4
