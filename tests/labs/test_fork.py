"""Trying a run with a change: its settings are on the knobs, and the page knows from which run."""

import pytest

from apps.labs.models import Run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]


@pytest.fixture
def run(ada):
    ada.start(preset="small-cache", cache_fraction="0.37", alpha="1.1")
    return Run.objects.get()


def value_of(answer, name):
    return str(answer.context["panel"].params[name].value())


def test_a_forked_runs_settings_are_on_the_knobs(brian, run):
    answer = brian.get(f"/labs/caching/?fork={run.pk}")
    assert answer.status_code == 200
    assert (value_of(answer, "cache_fraction"), value_of(answer, "alpha")) == ("0.37", "1.1")
    assert answer.context["panel"].preset == "small-cache"
    assert answer.context["fork"].run == run


def test_a_fork_may_change_something_at_once(brian, run):
    answer = brian.get(f"/labs/caching/?fork={run.pk}&alpha=0.5")
    assert (value_of(answer, "cache_fraction"), value_of(answer, "alpha")) == ("0.37", "0.5")


def test_one_s_own_run_is_forked_although_it_goes_on(ada, run):
    assert value_of(ada.get(f"/labs/caching/?fork={run.pk}"), "alpha") == "1.1"


@pytest.mark.parametrize("fork", ["sixteen-letters-", "no", "%00%00", "x" * 400])
def test_an_unknown_run_is_told_and_the_lab_is_shown(ada, fork):
    answer = ada.get(f"/labs/caching/?fork={fork}")
    assert answer.status_code == 200
    assert "There is no run “" in answer.context["fork"].problem
    assert value_of(answer, "alpha") == "0.9"


def test_a_run_of_another_lab_has_other_settings(ada, run):
    Run.objects.update(lab="rate-limiting")
    assert ada.get(f"/labs/caching/?fork={run.pk}").context["fork"].problem


def test_without_a_fork_nothing_is_said(ada):
    fork = ada.get("/labs/caching/").context["fork"]
    assert (fork.run, fork.problem) == (None, "")
