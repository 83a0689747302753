"""One tap on the cause: the first answer counts, each gets its reply, strangers leave no trace."""

import pytest

from apps.experiments.registry import experiments
from apps.labs.models import Run, Study
from apps.progress.models import Entry
from tests.labs.rows import carry_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def preset():
    """The first question of the caching lab that asks for its cause."""
    return next((slug, preset) for slug, preset in experiments()["caching"].presets.items() if preset.causes)


@pytest.fixture
def run(ada, preset):
    ada.start(preset=preset[0])
    run = Run.objects.get()
    carry_out(run, hit_ratio=0.5)
    return run


@pytest.fixture
def right(preset):
    return next(index for index, cause in enumerate(preset[1].causes) if cause.right)


@pytest.fixture
def wrong(preset):
    return next(index for index, cause in enumerate(preset[1].causes) if not cause.right)


def tap(client, subject, index, **options):
    return client.post(f"{subject.get_absolute_url()}cause/", {"cause": index}, **options)


def text_of(answer):
    from html import unescape

    return " ".join(unescape(answer.content.decode()).split())


def test_a_finished_run_asks_for_its_cause(ada, run, preset):
    page = text_of(ada.get(run.get_absolute_url()))
    assert all(cause.text in page for cause in preset[1].causes)
    assert not any(cause.reply in page for cause in preset[1].causes), "no reply before an answer"


def test_a_run_that_has_not_ended_has_nothing_to_explain(ada, preset):
    ada.start(preset=preset[0])
    run = Run.objects.get()
    assert ada.get(run.get_absolute_url()).context["explanation"] is None
    assert tap(ada, run, 0).status_code == 404


def test_a_wrong_answer_gets_its_reply_and_the_page_knows_the_right_one(ada, run, preset, right, wrong):
    answer = tap(ada, run, wrong, headers=HTMX)
    assert preset[1].causes[wrong].reply in text_of(answer)
    assert "<html" not in text_of(answer)
    explanation = answer.context["explanation"]
    assert (explanation.right, explanation.answer) == (preset[1].causes[right], preset[1].causes[wrong])


def test_an_answer_that_is_none_of_the_causes_is_none(ada, run):
    for asked in ("9" * 5000, "-1", "²", "x"):
        page = ada.get(f"{run.get_absolute_url()}?cause={asked}")
        assert (page.status_code, page.context["explanation"].chosen) == (200, None)


def test_the_first_answer_is_recorded_and_later_ones_are_not(ada, run, preset, right, wrong):
    tap(ada, run, wrong, headers=HTMX)
    assert preset[1].causes[right].reply in text_of(tap(ada, run, right, headers=HTMX))
    entry = Entry.objects.get(kind="explained")
    assert (entry.subject, entry.learner) == ("lab:caching", run.learner)
    assert entry.payload == {"run": run.pk, "preset": preset[0], "cause": wrong, "right": False}


def test_without_script_the_page_comes_back_with_the_reply(ada, run, preset, right):
    answer = tap(ada, run, right)
    assert (answer.status_code, answer.url) == (302, f"{run.get_absolute_url()}?cause={right}#cause")
    assert preset[1].causes[right].reply in text_of(ada.get(answer.url))


def test_a_later_visit_shows_what_was_answered(ada, grace, run, preset, right):
    tap(ada, run, right)
    assert preset[1].causes[right].reply in text_of(ada.get(run.get_absolute_url()))
    assert preset[1].causes[right].reply not in text_of(grace.get(run.get_absolute_url()))


def test_a_strangers_answer_is_replied_to_and_kept_nowhere(ada, brian, run, preset, right):
    brian.start()
    assert preset[1].causes[right].reply in text_of(tap(brian, run, right, headers=HTMX))
    assert not Entry.objects.filter(kind="explained").exists()


@pytest.mark.parametrize("index", ["99", "-1", "x", "", "²"])
def test_an_answer_that_is_none_of_them_is_refused(ada, run, index):
    assert tap(ada, run, index).status_code == 404
    assert not Entry.objects.filter(kind="explained").exists()


def test_a_run_without_a_question_has_nothing_to_explain(ada, run):
    Run.objects.update(preset="")
    assert tap(ada, run, 0).status_code == 404


def test_a_study_is_explained_once_it_has_ended(ada, preset, right):
    ada.study(preset=preset[0])
    study = Study.objects.get()
    runs = list(study.runs.order_by("created_at"))
    for each in runs[:-1]:
        carry_out(each, hit_ratio=0.5)
    assert tap(ada, study, right).status_code == 404
    carry_out(runs[-1], hit_ratio=0.5)
    assert preset[1].causes[right].reply in text_of(tap(ada, study, right, headers=HTMX))
    assert Entry.objects.get(kind="explained").payload["study"] == study.pk


def test_it_rejects_get(ada, run):
    assert ada.get(f"{run.get_absolute_url()}cause/").status_code == 405
