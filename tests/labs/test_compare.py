import uuid

import pytest

from apps.accounts.models import Learner
from apps.experiments.registry import experiments
from apps.labs.models import Run
from tests.labs.rows import carry_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]
COMPARE = "/labs/caching/compare/"


@pytest.fixture
def several(ada, settings):
    """Four finished runs of Ada's that differ in their cache."""
    settings.RUN_LIMITS = {**settings.RUN_LIMITS, "active_per_learner": 9}
    for number, fraction in enumerate(["0.05", "0.1", "0.2", "0.5"]):
        ada.start(cache_fraction=fraction)
        carry_out(Run.objects.order_by("created_at").last(), hit_ratio=0.2 * (number + 1))
    return list(Run.objects.order_by("created_at"))


def asked(*runs):
    return COMPARE + "?" + "&".join(f"run={getattr(run, 'pk', run)}" for run in runs)


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_runs_stand_side_by_side_with_what_differs(ada, several):
    answer = ada.get(asked(*several[:3]))
    comparison = answer.context["comparison"]
    assert answer.status_code == 200
    assert [letter for letter, _ in comparison.named] == ["A", "B", "C"]
    assert [run.pk for _, run in comparison.named] == [run.pk for run in several[:3]], "in the order of the address"
    assert [(row["name"], row["values"]) for row in comparison.differences] == [("cache_fraction", [0.05, 0.1, 0.2])]
    assert [row["texts"] for row in comparison.figures] == [["20\u00a0%", "40\u00a0%", "60\u00a0%"]]


def test_somebody_else_s_run_may_be_compared_by_who_has_its_id(grace, several):
    assert grace.get(asked(*several[:2])).status_code == 200


def test_a_figure_that_one_run_lacks_is_left_empty(ada, several):
    ada.start()
    bare = Run.objects.order_by("created_at").last()
    assert ada.get(asked(several[0], bare)).context["comparison"].figures[0]["texts"] == ["20\u00a0%", ""]


@pytest.mark.parametrize("count", [0, 1])
def test_one_run_is_nothing_to_compare(ada, several, count):
    answer = ada.get(asked(*several[:count]))
    assert answer.status_code == 422
    assert f"Name 2 to 4 different runs to compare; here are {count}." in text_of(answer)


def test_the_same_run_twice_is_one(ada, several):
    assert ada.get(asked(several[0], several[0])).status_code == 422


def test_five_are_too_many(ada, several):
    assert ada.get(asked(*several, "sixteen-letters-")).status_code == 422


@pytest.mark.parametrize("wrong", ["sixteen-letters-", "no", "%00", "<b>"])
def test_an_id_of_no_run_is_named(ada, several, wrong):
    answer = ada.get(asked(several[0], wrong))
    assert answer.status_code == 404
    assert "There is no run “" in text_of(answer)
    assert "<b>" not in text_of(answer).split("There is no run")[1][:20]


def test_runs_of_different_labs_are_not_compared(ada, several):
    Run.objects.filter(pk=several[1].pk).update(lab="rate-limiting")
    answer = ada.get(asked(*several[:2]))
    assert answer.status_code == 422
    assert "Runs of one lab can be compared." in text_of(answer)


def test_an_unknown_lab_is_not_found(ada):
    assert ada.get("/labs/perpetual-motion/compare/").status_code == 404


def test_each_run_is_told_by_its_own_kind(ada):
    lab, key = experiments()["queueing"], {"learner": Learner.objects.create(), "address_hash": "x"}
    settings = {name: param.default for name, param in lab.params.items()}
    for chosen in ("simulated", lab.presets["a-real-server"].params["engine"]):
        Run.objects.create(
            lab="queueing", params={**settings, "engine": chosen}, seed=1, idempotency_key=uuid.uuid4(), **key
        )
    runs = list(Run.objects.order_by("created_at"))
    mixed = "/labs/queueing/compare/?" + "&".join(f"run={run.pk}" for run in runs)
    page = ada.get(mixed)
    assert [(each["kind"], each["colour"]) for each in page.context["comparison"].key] == [
        ("simulated", "var(--simulated)"),
        ("measured", "var(--measured)"),
    ]
    assert '<span class="tag' not in page.content.decode()
    Run.objects.filter(pk=runs[0].pk).update(params=runs[1].params)
    page = ada.get(mixed)
    assert '<span class="tag meas">measured</span>' in text_of(page)
    assert [each["colour"] for each in page.context["comparison"].key] == ["var(--measured)", "var(--accent)"]


@pytest.mark.parametrize("send", ["get", "post"])
def test_before_a_run_the_page_says_what_its_settings_make_it(ada, send):
    engine = experiments()["queueing"].presets["a-real-server"].params["engine"]
    if send == "get":
        page = ada.get("/labs/queueing/?preset=a-real-server&new=1")
    else:
        page = ada.post("/labs/queueing/runs/", {"engine": engine, "bet": "guess", "guess": "no number"})
    assert '<span class="tag meas">measured</span>' in text_of(page)
