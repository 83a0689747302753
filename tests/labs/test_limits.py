"""Seconds of measuring are shared fairly: what was planned counts until it is known what it took."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from apps.labs.models import Run, RunState
from tests.labs.rows import carry_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]


@pytest.fixture
def limits(settings):
    def change(**values):
        settings.RUN_LIMITS = {**settings.RUN_LIMITS, "active_per_learner": 9, **values}

    change()
    return change


def said(answer):
    return " ".join(answer.content.decode().split())


def test_a_learners_seconds_within_an_hour_are_bounded(ada, limits):
    limits(hourly_seconds_per_learner=100)
    assert ada.start(duration_s="60").status_code == 302
    answer = ada.start(duration_s="60")
    assert answer.status_code == 429
    told = "Your runs within an hour take 60 s of measuring and this would take 60 s more; the limit is 100 s."
    assert told in said(answer)
    assert 3590 <= int(answer["Retry-After"]) <= 3600
    assert ada.start(duration_s="40").status_code == 302, "a shorter run fits"


def test_an_address_has_a_budget_too(ada, brian, limits):
    limits(hourly_seconds_per_address=100)
    ada.start(duration_s="60")
    answer = brian.start(duration_s="60")
    assert answer.status_code == 429
    assert "The runs from your network address within an hour take 60 s" in said(answer)


def test_a_run_counts_for_what_it_took(ada, limits):
    limits(hourly_seconds_per_learner=100)
    ada.start(duration_s="60")
    carry_out(Run.objects.get(), took_s=10, hit_ratio=0.5)
    assert ada.start(duration_s="60").status_code == 302


def test_time_in_which_a_run_waited_for_the_machine_does_not_count(ada, limits):
    limits(hourly_seconds_per_learner=100)
    ada.start(duration_s="30")
    carry_out(Run.objects.get(), took_s=90, hit_ratio=0.5)
    assert ada.start(duration_s="60").status_code == 302


def test_what_was_stopped_before_it_began_counts_nothing(ada, limits):
    limits(hourly_seconds_per_learner=100)
    ada.start(duration_s="60")
    ada.post(f"/runs/{Run.objects.get().pk}/stop/")
    assert ada.start(duration_s="60").status_code == 302


def test_studies_and_runs_share_one_budget(ada, limits):
    limits(hourly_seconds_per_learner=100)
    ada.study(duration_s="15")  # 6 runs
    answer = ada.start(duration_s="20")
    assert answer.status_code == 429
    assert "Your runs within an hour take 90 s of measuring" in said(answer)


def test_a_study_that_is_over_the_budget_is_refused_with_the_time_to_come_back(ada, limits):
    limits(hourly_seconds_per_learner=100)
    for seconds, minutes_ago in [("30", 50), ("60", 10)]:
        ada.start(duration_s=seconds)
        newest = Run.objects.order_by("-created_at")[:1].get()
        Run.objects.filter(pk=newest.pk).update(created_at=now() - timedelta(minutes=minutes_ago))
    answer = ada.study(duration_s="6")  # 36 s: fits once the older run has left the hour
    assert answer.status_code == 429
    assert 590 <= int(answer["Retry-After"]) <= 600
    assert "Try again in 10 minutes." in said(answer)


def test_a_study_is_one_start_of_the_hour_and_one_thing_unfinished(ada, brian, limits):
    limits(hourly_per_learner=2, active_per_address=3)
    ada.study()
    assert ada.start().status_code == 302
    answer = ada.start()
    assert "That was 2 runs within an hour, which is the limit." in said(answer)
    assert brian.start().status_code == 302
    assert "From your network address 3 are unfinished." in said(brian.start())


def test_only_so_many_studies_may_wait(ada, brian, limits):
    limits(studies_active=1)
    ada.study()
    answer = brian.study()
    assert answer.status_code == 429
    assert "As many studies wait as may. Nothing you typed is lost." in said(answer)
    Run.objects.update(state=RunState.STOPPED, reason="You stopped it.", finished_at=now())
    assert brian.study().status_code == 302


def test_the_runs_of_a_study_do_not_fill_the_queue_of_single_runs(ada, brian, limits):
    limits(queued=3)
    ada.study()
    assert brian.start().status_code == 302


def test_a_second_click_at_the_limit_is_no_second_start(ada, limits):
    import uuid

    limits(active_per_learner=1)
    key = str(uuid.uuid4())
    assert ada.start(idempotency_key=key).url == ada.start(idempotency_key=key).url
