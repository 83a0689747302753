"""Is what was read kept: once, for one reader, until it is taken back?"""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test import Client

from apps.accounts.models import Learner
from apps.lessons.models import Lesson
from apps.lessons.reading import keep_read, read_by
from apps.progress.models import Entry
from tests.content.directory import ALONE, CACHING

READ = "/learn/blocks/caching/read/"
HTMX = {"HX-Request": "true"}


def mark(browser, read="yes", *, url=READ, htmx=True, **fields):
    """Send the form as its button does; `read` "" is what reaching the end sends."""
    fields = {"key": str(uuid.uuid4()), "revision": Lesson.objects.get(slug="caching").revision_id, **fields}
    return browser.post(url, fields | ({"read": read} if read else {}), headers=HTMX if htmx else {})


def marks(browser):
    return browser.get("/learn/read/").json()["read"]


def test_a_lesson_marked_is_read_and_can_be_unread(two_lessons, ada):
    assert "Not read after all" in mark(ada).content.decode()
    assert marks(ada) == ["blocks/caching"]
    assert "Mark as read" in mark(ada, "no").content.decode()
    assert marks(ada) == []
    assert [entry.payload["read"] for entry in Entry.objects.order_by("pk")] == [True, False]


def test_the_same_mark_is_kept_once(two_lessons, ada):
    for _ in range(3):
        mark(ada)
    assert Entry.objects.count() == 1
    mark(ada, "no")
    mark(ada, "no")
    mark(ada)
    assert [entry.payload["read"] for entry in Entry.objects.order_by("pk")] == [True, False, True]


def test_what_was_taken_back_is_not_read_again_by_scrolling(two_lessons, ada):
    assert "data-read" in mark(ada, "").content.decode()
    page = mark(ada, "no").content.decode()
    assert "data-open" not in page
    mark(ada, "")
    assert marks(ada) == []


def test_strangers_see_only_their_own(two_lessons, ada, brian):
    mark(ada)
    assert marks(brian) == []
    assert "✓" not in brian.get("/learn/blocks/").content.decode()
    assert "You have read this lesson" not in brian.get(READ).content.decode()


def test_looking_keeps_nothing(two_lessons, grace):
    for url in (READ, "/learn/read/", "/learn/", "/learn/blocks/"):
        assert grace.get(url).status_code == 200
    mark(grace, "no")
    assert (Learner.objects.count(), Entry.objects.count()) == (0, 0)


def test_without_javascript_a_page_holds_the_form_and_shows_what_was_kept(two_lessons, ada):
    asked = ada.get(READ).content.decode()
    assert "Have you read this lesson?" in asked
    answer = mark(ada, htmx=False)
    assert (answer.status_code, answer["Location"]) == (302, READ)
    assert "You have read this lesson" in ada.get(READ).content.decode()


def test_lists_show_the_marks_of_their_reader_and_nobody_keeps_that_page(two_lessons, ada, grace):
    mark(ada)
    track = ada.get("/learn/blocks/")
    assert track["Cache-Control"] == "private, no-store"
    assert "✓ read" in track.content.decode()
    assert "Continue with part 2: CDN" in track.content.decode()
    assert "✓ 1 read" in ada.get("/learn/").content.decode()
    assert "Start with part 1" in grace.get("/learn/blocks/").content.decode()


def test_who_has_read_all_is_told_so(two_lessons, ada):
    mark(ada)
    mark(ada, url="/learn/blocks/cdn/read/", revision="")
    assert "You have read all of it" in ada.get("/learn/blocks/").content.decode()


def test_a_lesson_is_one_document_for_all_whatever_they_have_read(two_lessons, ada, grace):
    before = grace.get("/learn/blocks/caching/").content
    mark(ada)
    assert ada.get("/learn/blocks/caching/").content == before


def test_a_new_text_stays_read_and_may_be_read_again(two_lessons, ada):
    mark(ada, "")
    two_lessons.write(CACHING, ALONE + "\nMore.\n")
    two_lessons.load()
    page = ada.get(READ, headers=HTMX).content.decode()
    assert ("data-read" in page, "data-open" in page) == (True, True)
    mark(ada, "")
    hashes = [entry.payload["revision"] for entry in Entry.objects.order_by("pk")]
    assert len(set(hashes)) == 2


def test_lists_are_shown_without_marks_while_the_database_is_away(two_lessons, ada, monkeypatch):
    mark(ada)
    ada.get("/learn/blocks/caching/")
    Client().get("/learn/blocks/")  # as others have it
    connection.close()
    monkeypatch.setitem(connections.settings["default"], "HOST", "/nowhere")
    answer = ada.get("/learn/blocks/")
    assert (answer.status_code, "✓" in answer.content.decode()) == (200, False)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_are_one_mark(library):
    library.load()
    learner, lesson = Learner.objects.create(), Lesson.objects.select_related("track", "revision").get()

    def keep(_):
        try:
            keep_read(learner, lesson, lesson.revision, read=True)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(keep, range(12)))
    assert Entry.objects.count() == 1
    assert list(read_by(learner)) == ["blocks/caching"]


def test_two_first_clicks_of_one_form_are_one_learner(two_lessons):
    key = str(uuid.uuid4())
    for browser in (Client(), Client()):
        mark(browser, key=key)
    assert (Learner.objects.count(), Entry.objects.count()) == (1, 1)


def test_a_form_of_another_site_is_refused(two_lessons):
    assert Client(enforce_csrf_checks=True).post(READ, {"read": "yes"}).status_code == 403
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("url", ["/learn/blocks/none/read/", "/learn/none/caching/read/"])
def test_a_lesson_that_is_not_there_cannot_be_read(two_lessons, ada, url):
    assert mark(ada, url=url).status_code == 404


@pytest.mark.usefixtures("broker")
def test_endless_marks_from_one_address_are_refused_and_said(two_lessons, ada, settings):
    settings.QUIZ_ANSWERS_HOURLY_PER_ADDRESS = 1
    mark(ada)
    refused = mark(ada, "no")
    assert refused.status_code == 429
    assert "This was not kept" in refused.content.decode()
    assert marks(ada) == ["blocks/caching"]
