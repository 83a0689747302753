"""A reload finds what was going on; who asks something new gets a fresh panel."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from apps.labs.models import Run, RunState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]
LAB = "/labs/caching/"


def shows_run(client, query=""):
    return "<lab-run" in client.get(LAB + query).content.decode()


def end(minutes_ago=0):
    ended = now() - timedelta(minutes=minutes_ago)
    Run.objects.update(state=RunState.STOPPED, reason="You stopped it.", finished_at=ended)


def test_before_the_first_run_the_panel_asks_for_a_bet(ada):
    page = ada.get(LAB).content.decode()
    assert "Bet and run" in page
    assert "<lab-run" not in page


def test_a_reload_finds_the_run_that_goes_on(ada):
    ada.start()
    assert shows_run(ada)
    assert shows_run(ada, "?preset=flush-at-peak"), "a run that goes on is never hidden by the page's own question"


def test_a_reload_finds_the_run_that_has_just_ended(ada):
    ada.start(preset="small-cache")
    end()
    assert shows_run(ada)
    assert shows_run(ada, "?preset=small-cache")
    assert not shows_run(ada, "?preset=flush-at-peak")


def test_yesterday_s_run_does_not_stand_in_the_way(ada):
    ada.start()
    end(minutes_ago=11)
    assert not shows_run(ada)


@pytest.mark.parametrize("query", ["?preset=small-cache&new=1", "?guess=75", "?alpha=1.1"])
def test_who_asks_something_new_gets_a_fresh_panel(ada, query):
    ada.start()
    assert not shows_run(ada, query)


def test_a_stranger_does_not_get_somebody_s_run(ada, brian):
    ada.start()
    brian.start()
    end()
    assert not shows_run(brian, "?preset=flush-at-peak")
    mine = Run.objects.order_by("created_at").last()
    assert mine.pk in brian.get(LAB).content.decode()


@pytest.mark.parametrize("query", ["?preset=small-cache&new=1", "?preset=flush-at-peak", "?alpha=1.1", "?new=1"])
def test_after_a_start_a_reload_finds_the_run(ada, query):
    sent = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{LAB}{query}"}
    answer = ada.post(f"{LAB}runs/", {"bet": "skip", "preset": "small-cache"}, headers=sent)
    address = answer["HX-Replace-Url"]
    assert address == f"{LAB}?preset=small-cache"
    assert shows_run(ada, address.removeprefix(LAB))
    end()
    assert shows_run(ada, address.removeprefix(LAB))


def test_a_page_that_only_contains_the_panel_keeps_its_address(ada):
    sent = {"HX-Request": "true", "HX-Current-URL": "http://testserver/lessons/caching/"}
    answer = ada.post(f"{LAB}runs/", {"bet": "skip", "preset": "small-cache"}, headers=sent)
    assert "HX-Replace-Url" not in answer


def test_without_a_script_the_start_leads_to_the_run_s_own_address(ada):
    answer = ada.post(f"{LAB}runs/", {"bet": "skip", "preset": "small-cache"})
    assert "<lab-run" in ada.get(answer.url).content.decode()


@pytest.mark.parametrize("query", ["?preset=%00", "?challenge=%00", "?preset=no-such", "?preset=x&challenge=%00"])
def test_a_question_that_the_lab_does_not_have_is_as_none(ada, query):
    assert ada.get(LAB + query).status_code == 200
    ada.start()
    assert shows_run(ada, query)
    end()
    assert shows_run(ada, query)
