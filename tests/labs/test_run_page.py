import pytest
from django.utils.timezone import now

from apps.labs.models import Run, RunState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]

RESULT = {
    "kind": "measured",
    "figures": {"hit_ratio": 0.571},
    "expected": {"hit_ratio": {"value": 0.58, "tolerance": 0.02, "source": "Che's approximation"}},
    "passport": {"redis": "Redis 6.2.14", "host": {"platform": "Linux", "cores": 2}},
    "finding": "A tenth of the products answered 57 % of the reads.",
    "caveats": [],
}


@pytest.fixture
def finished(ada):
    ada.start(bet="guess", guess="75", guess_low="60", guess_high="85")
    run = Run.objects.get()
    Run.objects.filter(pk=run.pk).update(
        state=RunState.DONE, finished_at=now(), result=RESULT, series={"hit_ratio": [[0.5, 0.1], [1.5, 0.5]]}
    )
    run.refresh_from_db()
    return run


def page_of(client, run):
    return client.get(run.get_absolute_url()).content.decode()


def test_a_finished_run_shows_finding_guess_and_theory(ada, finished):
    page = page_of(ada, finished)
    assert "A tenth of the products answered 57 % of the reads." in page
    for text in ["57.1\u00a0%", "75\u00a0%", "58\u00a0%", "Che&#x27;s approximation", "Redis 6.2.14"]:
        assert text in page


def test_whoever_has_the_address_may_read_it(grace, finished):
    assert "57.1\u00a0%" in page_of(grace, finished)


def test_only_its_owner_is_offered_to_stop_it(ada, grace):
    ada.start()
    run = Run.objects.get()
    assert "/stop/" in page_of(ada, run)
    assert "/stop/" not in page_of(grace, run)


def test_a_lost_run_says_why(ada):
    ada.start()
    Run.objects.update(state=RunState.LOST, reason="Its worker died 2 times.", finished_at=now())
    assert "Its worker died 2 times." in page_of(ada, Run.objects.get())


@pytest.mark.parametrize("run_id", ["nothing-here", "sixteen-letters-", "%00%00%00%00", "../../etc/passwd"])
def test_an_unknown_run_is_not_found(ada, run_id):
    assert ada.get(f"/runs/{run_id}/").status_code == 404


def test_the_series_come_as_csv(ada, finished):
    answer = ada.get(f"/runs/{finished.pk}/data.csv")
    assert answer.content.decode().splitlines() == [
        "series,x,value,role,x_is",
        "hit_ratio,0.5,0.1,result,seconds",
        "hit_ratio,1.5,0.5,result,seconds",
    ]


def test_the_result_comes_as_json(ada, finished):
    answer = ada.get(f"/runs/{finished.pk}/data.json").json()
    assert answer["figures"] == {"hit_ratio": 0.571}
    assert answer["series"] == {"hit_ratio": [[0.5, 0.1], [1.5, 0.5]]}


def test_a_queued_run_tells_how_many_go_first(ada, brian):
    ada.start(duration_s="20")
    brian.start()
    mine = Run.objects.order_by("created_at").last()
    answer = brian.get(f"/runs/{mine.pk}/queue").content.decode()
    assert "1 run first, about 22 s" in " ".join(answer.split())


def test_theory_is_told_with_how_many_figures_lie_where_it_says(ada, finished):
    panel = ada.get(finished.get_absolute_url()).context["panel"]
    assert panel.theories_held == sum(theory["holds"] for theory in panel.theory)
    assert [theory["label"] for theory in panel.theory] == ["Hit ratio"]
    figures, expected = panel.result["figures"], panel.result["expected"]["hit_ratio"]
    assert panel.theory[0]["holds"] is (abs(figures["hit_ratio"] - expected["value"]) <= expected["tolerance"])


def test_one_theory_is_told_in_the_singular(ada, finished):
    assert "Theory: 1 of 1 figure lies within its tolerance" in page_of(ada, finished)
