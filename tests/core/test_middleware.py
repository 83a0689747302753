"""Requests take turns at the database, give it back at once, and say so when there is no turn to be had."""

import threading

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from apps.core import middleware
from apps.core.middleware import in_turn


def request(path="/labs/"):
    return RequestFactory().get(path)


def in_thread(job):
    thread = threading.Thread(target=job)
    thread.start()
    return thread


@pytest.fixture
def held(monkeypatch):
    """A chain with one turn that somebody holds until the test ends."""
    monkeypatch.setattr(middleware, "AT_ONCE", 1)
    monkeypatch.setattr(middleware, "PATIENCE_S", 0.05)
    inside, leave = threading.Event(), threading.Event()

    def view(asked):
        if asked.GET.get("hold"):
            inside.set()
            leave.wait(10)
        return HttpResponse("done")

    chain = in_turn(view)
    holder = in_thread(lambda: chain(request("/labs/?hold=1")))
    assert inside.wait(10)
    yield chain
    leave.set()
    holder.join(10)


def test_who_gets_no_turn_in_time_is_told_when_to_come_back(held):
    answer = held(request())
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"


def test_lessons_and_liveness_need_no_turn(held):
    for path in ["/health/live", "/learn/", "/learn/building-blocks/caching/"]:
        assert held(request(path)).status_code == 200


@pytest.mark.django_db
def test_a_turn_is_given_back_when_a_view_fails(monkeypatch):
    monkeypatch.setattr(middleware, "AT_ONCE", 1)

    def view(asked):
        raise ZeroDivisionError

    chain = in_turn(view)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            chain(request())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/search/", "/learn/none/none/"])
def test_who_reads_slowly_holds_no_connection(client, path):
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    assert len(asked) > 0
    assert connection.connection is None


def test_the_log_names_the_path_and_not_what_was_looked_for(client, caplog, db):
    with caplog.at_level("INFO"):
        client.get("/search/", {"q": "quokka"})
    assert "GET /search/" in caplog.text
    assert "quokka" not in caplog.text
