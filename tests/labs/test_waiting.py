import pytest

from apps.labs.models import Run, Study
from apps.labs.waiting import waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]


def newest():
    return Run.objects.order_by("-created_at")[:1].get()


def test_a_run_waits_for_those_before_it_on_its_own_queue(ada, brian):
    ada.start(duration_s="20")
    brian.start()
    told = waiting(newest())
    assert (told.ahead, told.seconds, told.unreachable) == (1, 22, False)


def test_measured_runs_take_turns_with_a_study_on_the_machine(ada, brian):
    ada.study(duration_s="10", trials="4")
    brian.start()
    told = waiting(newest())
    assert told.ahead == 0, "twelve runs of a study are not before it"
    assert told.seconds == 12, "the one that holds the machine is"


def test_a_study_waits_for_the_studies_before_it_and_for_single_runs_in_turn(ada, brian, grace):
    ada.study(duration_s="10", trials="2")
    brian.study(duration_s="5", trials="2")
    grace.start(duration_s="30")
    first = Study.objects.order_by("created_at").last().runs.order_by("created_at").first()
    told = waiting(first)
    assert (told.ahead, told.seconds) == (6, 6 * 12 + 32)


def test_a_run_of_a_study_waits_for_those_before_it(ada):
    ada.study(duration_s="10")
    runs = list(Run.objects.order_by("created_at"))
    assert [waiting(run).ahead for run in runs] == [0, 1, 2, 3, 4, 5]


def test_what_does_not_wait_has_nothing_before_it(ada):
    ada.start()
    assert waiting(Run.objects.claim(newest().pk)) is None
