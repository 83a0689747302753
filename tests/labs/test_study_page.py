import csv
import io

import pytest

from apps.labs.models import Run, RunState, Study
from apps.progress.models import Entry
from tests.labs.rows import carry_out, fail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]
CURVE = {"bet": "guess", "curve_0": "30", "curve_1": "50", "curve_2": "80", "within": "10"}
RATIOS = [0.3, 0.5, 0.9, 0.35, 0.55, 0.95]


@pytest.fixture
def study(ada):
    ada.study(**CURVE)
    return Study.objects.get()


def runs():
    return list(Run.objects.order_by("created_at"))


def finish(study):
    for run, ratio in zip(runs(), RATIOS, strict=True):
        carry_out(run, hit_ratio=ratio, read_p99_ms=4.0)


def data(client, study):
    return client.get(f"/studies/{study.pk}/data.json").json()


def test_before_anything_is_measured_it_says_what_waits(ada, study):
    told = data(ada, study)
    assert (told["state"], told["done"], told["total"]) == ("queued", 0, 6)
    assert [point["median"] for point in told["points"]] == [None, None, None]
    assert told["left_s"] == 6 * (2 + 2)
    assert ada.get(study.get_absolute_url()).status_code == 200


def test_results_come_one_by_one(ada, study):
    carry_out(runs()[0], took_s=5, hit_ratio=0.3)
    told = data(ada, study)
    assert (told["state"], told["done"], told["points"][0]["median"]) == ("running", 1, 0.3)
    assert told["left_s"] == pytest.approx(5 * 5.0, abs=0.5), "as long as the first one took"


def test_a_finished_study_has_medians_theory_and_the_score_of_the_curve(ada, study):
    finish(study)
    told = data(ada, study)
    assert {"slug", "param", "values", "trials", "figure", "points", "series", "guess", "state", "done", "total"} <= {
        *told
    }
    assert (told["slug"], told["param"], told["values"]) == ("caching", "cache_fraction", [0.1, 0.2, 0.5])
    assert [point["median"] for point in told["points"]] == pytest.approx([0.325, 0.525, 0.925])
    assert told["points"][0]["expected"]["source"] == "Che's approximation"
    assert told["points"][1]["figures"]["read_p99_ms"]["median"] == 4.0
    assert (told["score"]["inside"], told["score"]["measured"]) == (2, 3)
    assert (told["state"], told["left_s"], told["series"]) == ("done", 0, {})
    assert len(told["runs"]) == 6


def test_trials_alone_have_a_band_over_time(ada):
    ada.study(param="", trials="2")
    for run, ratio in zip(runs(), [0.2, 0.4], strict=True):
        carry_out(run, hit_ratio=ratio, series={"hit_ratio": [[0, 0.0], [1, ratio]]})
    told = data(ada, Study.objects.get())
    assert told["param"] is None
    assert told["series"]["hit_ratio"][-1] == [1, pytest.approx(0.3), pytest.approx(0.21), pytest.approx(0.39)]


def test_the_record_gets_the_result_once_when_the_last_run_has_ended(ada, study):
    for run, ratio in zip(runs()[:-1], RATIOS[:-1], strict=True):
        carry_out(run, hit_ratio=ratio)
    assert not Entry.objects.filter(kind="ran").exists()
    carry_out(runs()[-1], hit_ratio=0.95)
    entry = Entry.objects.get(kind="ran")
    assert (entry.subject, entry.payload["study"], entry.payload["state"]) == ("lab:caching", study.pk, "done")
    assert [point["value"] for point in entry.payload["points"]] == [0.1, 0.2, 0.5]
    assert entry.payload["score"]["inside"] == 2


def test_a_failed_run_is_a_failed_point_and_the_study_goes_on(ada, study):
    fail(runs()[0])
    for run, ratio in zip(runs()[1:], RATIOS[1:], strict=True):
        carry_out(run, hit_ratio=ratio)
    told = data(ada, study)
    assert (told["state"], told["failed"], told["points"][0]["failed"], told["points"][0]["n"]) == ("done", 1, 1, 1)
    assert "Redis did not start." in ada.get(study.get_absolute_url()).content.decode()


def test_a_study_of_which_every_run_failed_says_why_and_records_no_result(ada, study):
    for run in runs():
        fail(run)
    assert data(ada, study)["state"] == "failed"
    assert "Redis did not start." in ada.get(study.get_absolute_url()).content.decode()
    assert not Entry.objects.filter(kind="ran").exists()


def test_whoever_has_the_address_may_read_it(ada, grace, study):
    for path in ("", "data.json", "data.csv"):
        assert grace.get(f"{study.get_absolute_url()}{path}").status_code == 200
    assert "/stop/" in ada.get(study.get_absolute_url()).content.decode()
    assert "/stop/" not in grace.get(study.get_absolute_url()).content.decode()


def test_the_runs_come_as_csv_one_a_row(ada, study):
    finish(study)
    answer = ada.get(f"/studies/{study.pk}/data.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["cache_fraction"] for row in rows] == ["0.1", "0.2", "0.5"] * 2
    assert [float(row["hit_ratio"]) for row in rows] == RATIOS
    assert {row["state"] for row in rows} == {"done"}
    assert rows[0]["seed"] == rows[1]["seed"] != rows[3]["seed"]


def test_a_page_that_has_seen_this_already_is_told_so_without_a_body(ada, study):
    seen = ada.get(study.get_absolute_url()).context["panel"].version
    answer = ada.get(f"{study.get_absolute_url()}?seen={seen}", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (204, b"")
    carry_out(runs()[0], hit_ratio=0.3)
    answer = ada.get(f"{study.get_absolute_url()}?seen={seen}", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize("study_id", ["nothing-here", "sixteen-letters-", "%00%00%00%00", "../../etc/passwd"])
def test_an_unknown_study_is_not_found(ada, study_id):
    assert ada.get(f"/studies/{study_id}/").status_code == 404


def test_a_reload_of_the_lab_finds_the_study_that_goes_on(ada, brian, study):
    assert ada.get("/labs/caching/").url == study.get_absolute_url()
    assert brian.get("/labs/caching/").status_code == 200
    assert ada.get("/labs/caching/?preset=small-cache&new=1").status_code == 200


def test_a_run_that_goes_on_comes_before_a_study_that_has_ended(ada, study):
    finish(study)
    ada.start()
    assert "<lab-run" in ada.get("/labs/caching/").content.decode()


def test_a_run_of_a_study_is_not_what_a_reload_of_the_lab_finds(ada, study):
    Run.objects.filter(trial=0).update(state=RunState.RUNNING)
    assert ada.get("/labs/caching/").url == study.get_absolute_url()


def test_a_failed_study_says_beside_that_why_its_first_run_did(ada, study):
    for number, run in enumerate(runs()):
        fail(run, reason=f"Reason {number}.")
    assert "The first that failed: Reason 0." in ada.get(f"/studies/{study.pk}/").content.decode()
