import re
import uuid

import pytest

from apps.lessons.models import Lesson
from apps.progress.models import Entry
from tests.content.directory import ALONE, CACHING
from tests.content.texts import question

QUIZ = "/learn/blocks/caching/quiz/"
HTMX = {"HX-Request": "true"}
MORE = "".join(
    [
        question(7, kind="multiple", options="[{text: a, correct: true}, {text: b, why: B}, {text: c, correct: true}]"),
        question(8, kind="numeric", options=None, answer="57", tolerance="3", unit="'%'"),
        question(9, kind="ordering", options=None, order="[first, second, third]"),
        question(10, kind="choice-with-reason", reasons="[{text: cheap, correct: true}, {text: dear, why: Dear.}]"),
    ]
)


@pytest.fixture
def quiz(library):
    library.write(CACHING, ALONE + MORE)
    library.load()
    return library


def answer(browser, number=1, *, htmx=True, **fields):
    fields.setdefault("key", str(uuid.uuid4()))
    headers = HTMX if htmx else {}
    return browser.post(f"{QUIZ}q-{number}/", fields, headers=headers)


def test_every_kind_of_question_is_a_form(quiz, ada):
    page = ada.get(QUIZ).content.decode()
    assert page.count('<form method="post"') == 10
    assert [f'type="{kind}"' in page for kind in ("radio", "checkbox")] == [True, True]
    assert page.count("<select") == 3


def test_htmx_gets_the_questions_alone(quiz, ada):
    part = ada.get(QUIZ, headers=HTMX)
    assert part.content.decode().lstrip().startswith('<section class="quiz" id="questions"')
    assert "HX-Request" in part.headers["Vary"]


@pytest.mark.parametrize(
    ("number", "right", "wrong"),
    [
        (1, {"choice": "0"}, {"choice": "1"}),
        (7, {"choice": ["0", "2"]}, {"choice": ["0", "1"]}),
        (8, {"value": "58 %"}, {"value": "10"}),
        (9, {"place-0": 1, "place-1": 2, "place-2": 3}, {"place-0": 2, "place-1": 1, "place-2": 3}),
        (10, {"choice": "0", "reason": "0"}, {"choice": "0", "reason": "1"}),
    ],
)
def test_each_kind_is_judged_and_recorded(quiz, ada, number, right, wrong):
    assert "Right." in answer(ada, number, **right).content.decode()
    assert "Not quite." in answer(ada, number, **wrong).content.decode()
    entries = Entry.objects.order_by("pk")
    assert [entry.payload["correct"] for entry in entries] == [True, False]
    assert {(entry.kind, entry.subject) for entry in entries} == {("quiz", f"blocks/caching#q-{number}")}
    assert len({entry.learner_id for entry in entries}) == 1


def test_a_wrong_choice_is_told_why(quiz, ada):
    page = answer(ada, choice="1").content.decode()
    assert "It is not." in page
    assert "So it is." in page


@pytest.mark.parametrize(
    ("number", "sent", "message"),
    [
        (1, {}, "Pick an answer first."),
        (8, {"value": "lots"}, "Enter a number in %, for example 12.5."),
        (9, {"place-0": 1, "place-1": 1}, "Give each step a place of its own, 1 to 3."),
        (10, {"choice": "1"}, "Pick a reason, too."),
    ],
)
def test_what_is_missing_is_said_beside_the_question_and_nothing_is_lost(quiz, ada, number, sent, message):
    page = answer(ada, number, **sent)
    assert page.status_code == 422
    assert message in page.content.decode()
    assert Entry.objects.count() == 0


def test_what_was_entered_stays_in_the_form(quiz, ada):
    assert 'value="lots"' in answer(ada, 8, value="lots").content.decode()
    assert re.search(r'value="1" checked', answer(ada, 10, choice="1").content.decode())
    assert "<option selected>1</option>" in answer(ada, 9, **{"place-0": 1}).content.decode()


def test_the_same_form_sent_twice_is_one_answer(quiz, ada):
    for _ in range(2):
        answer(ada, choice="0", key="6f1c1a52-0000-4000-8000-000000000001")
    assert Entry.objects.count() == 1


def test_without_javascript_the_whole_quiz_comes_back_with_the_verdict(quiz, ada):
    page = answer(ada, htmx=False, choice="0").content.decode()
    assert page.lstrip().startswith("<!doctype html>")
    assert page.count("Right.") == 2  # at the option, and as the verdict


def test_an_answer_is_judged_by_the_text_that_was_read(quiz, ada):
    old = Lesson.objects.get().revision_id
    quiz.write(
        CACHING,
        (ALONE + MORE).replace(
            "{text: yes, correct: true}, {text: no, why: It is not.}", "{text: no, why: n}, {text: yes, correct: true}"
        ),
    )
    quiz.load()
    assert "Right." in answer(ada, choice="0", revision=old).content.decode()
    assert "Not quite." in answer(ada, choice="0").content.decode()
    assert "Not quite." in answer(ada, choice="0", revision="99999999999999999999").content.decode()


@pytest.mark.parametrize("url", [f"{QUIZ}q-99/", "/learn/blocks/cdn/quiz/q-1/"])
def test_a_question_that_is_not_there_is_a_404(quiz, ada, url):
    assert ada.post(url, {"choice": "0"}).status_code == 404


def test_a_form_of_another_site_is_refused(quiz):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(f"{QUIZ}q-1/", {"choice": "0"}).status_code == 403


@pytest.mark.usefixtures("broker")
def test_endless_answers_from_one_address_are_refused_and_kept_in_their_form(quiz, ada, brian, settings):
    settings.QUIZ_ANSWERS_HOURLY_PER_ADDRESS = 1
    assert answer(ada, choice="1").status_code == 200
    refused = answer(brian, choice="0")
    page = refused.content.decode()
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert "Many answers came from your network within an hour. Try again in 60 minutes." in page
    assert "checked" in page, "what was picked stays picked"
    assert Entry.objects.count() == 1
