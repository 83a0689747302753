"""What is bet on is drawn: guess and theory stand on the chart of their figure, or on a scale of their own."""

import json
import uuid

import pytest

from apps.experiments.base import Chart, Line
from apps.experiments.registry import experiments
from apps.labs.charts import figure_json
from apps.labs.drawing import seconds
from apps.labs.models import Run
from apps.labs.strip import strip

EVERY_BET = [
    pytest.param(lab, preset, id=f"{slug}-{name}")
    for slug, lab in experiments().items()
    for name, preset in lab.presets.items()
]


def run_with(lab, figure):
    """A finished run of the lab in which 0.5 was bet on a figure, and theory said 0.6."""
    guess = {"figure": figure, "value": 0.5, "low": 0.4, "high": 0.7}
    theory = {figure: {"value": 0.6, "tolerance": 0.1, "source": "a formula"}}
    return Run(params={"duration_s": 20}, guess=guess, result={"expected": theory}, idempotency_key=uuid.uuid4())


@pytest.mark.parametrize(("lab", "preset"), EVERY_BET)
def test_every_bet_and_its_theory_are_drawn(lab, preset):
    name = preset.predict.figure
    run = run_with(lab, name)
    drawn = [json.loads(figure_json(lab, chart, run)) for chart in lab.charts]
    heights = {shape["y0"] for figure in drawn for shape in figure["layout"].get("shapes", [])}
    rows = strip(lab, preset.predict, {**run.result, "figures": {name: 0.55}}, run.guess)
    assert heights >= {0.5, 0.4, 0.6} or [row.role for row in rows] == ["g", "m", "t"]


def test_a_number_without_a_line_lies_on_one_scale_with_guess_and_theory():
    lab = experiments()["rate-limiting"]
    bet = lab.presets["fail-open"].predict
    guess = {"figure": bet.figure, "value": 100, "low": 50, "high": 200}
    theory = {bet.figure: {"value": 150, "tolerance": 10, "source": "a formula"}}
    guessed, measured, expected = strip(lab, bet, {"figures": {bet.figure: 160}, "expected": theory}, guess)
    assert guessed.start < guessed.at < expected.at < measured.at <= guessed.start + guessed.length
    assert strip(lab, bet, {"figures": {bet.figure: 160}}, None) == [], "a result alone needs no scale"


def test_a_chart_is_small_and_cannot_end_its_script_element():
    lab = experiments()["caching"]
    text = figure_json(lab, lab.charts[0], None)
    assert "<" not in text
    assert len(text) < 2000, "Plotly's own template is left out"


def test_the_event_of_a_run_stands_where_it_was_set_in_the_words_in_which_it_was_chosen():
    lab = experiments()["caching"]
    run = Run(params={"duration_s": 20, "event": "flush", "event_at_s": 12.0}, idempotency_key=uuid.uuid4())
    layout = json.loads(figure_json(lab, lab.charts[0], run))["layout"]
    assert [shape["x0"] for shape in layout["shapes"]] == [12.0]
    assert [note["text"] for note in layout["annotations"]] == ["the cache is emptied"]


def test_a_run_without_an_event_has_no_mark():
    lab = experiments()["caching"]
    run = Run(params={"duration_s": 20, "event": "none", "event_at_s": 12.0}, idempotency_key=uuid.uuid4())
    assert "shapes" not in json.loads(figure_json(lab, lab.charts[0], run))["layout"]


@pytest.mark.parametrize(
    ("slug", "params", "words"),
    [
        ("metastable", {"trigger": "outage"}, "the server stops"),
        ("circuit-breaker", {"failure": "down"}, "it does not answer"),
        ("retries", {"trigger": "failures"}, "calls fail"),
        ("retries", {"trigger": "contention"}, None),
        ("metastable", {"trigger": "none"}, None),
    ],
)
def test_a_trigger_and_a_failure_are_events_where_they_have_a_moment(slug, params, words):
    lab = experiments()[slug]
    run = Run(params={**lab.clean({}), **params, "event_at_s": 12.0}, idempotency_key=uuid.uuid4())
    layout = json.loads(figure_json(lab, lab.charts[0], run))["layout"]
    assert [shape["x0"] for shape in layout.get("shapes", [])] == ([12.0] if words else [])
    assert [note["text"] for note in layout.get("annotations", [])] == ([words] if words else [])


def drawn(chart, **series):
    run = Run(params={}, series=series, idempotency_key=uuid.uuid4())
    return json.loads(figure_json(experiments()["caching"], chart, run))


def test_bars_stand_over_their_names_and_keep_their_newest_height():
    chart = Chart("Load", (Line("a", "Before"), Line("b", "After")), "×", shape="bars", names=("one", "two", "three"))
    figure = drawn(chart, a=[[0, 1.0], [1, 2.0], [0, 3.0]], b=[[0, 1.0], [1, 1.0]])
    assert [trace["type"] for trace in figure["data"]] == ["bar", "bar"]
    assert figure["data"][0]["y"] == [3.0, 2.0]
    assert figure["layout"]["xaxis"]["ticktext"] == ["one", "two"]
    patterns = [trace["marker"]["pattern"]["shape"] for trace in figure["data"]]
    assert len(set(patterns)) == 2, "they differ without their colour"


def test_a_curve_over_sizes_has_its_own_axis_and_no_moment_of_an_event():
    chart = Chart("Curve", (Line("a", "Mean"),), "ms", x="size (MB)", log_x=True)
    run = Run(
        params={"event": "flush", "event_at_s": 1.0}, series={"a": [[1, 2], [1000, 3]]}, idempotency_key=uuid.uuid4()
    )
    layout = json.loads(figure_json(experiments()["caching"], chart, run))["layout"]
    assert layout["xaxis"]["type"] == "log"
    assert layout["xaxis"]["title"]["text"] == "size (MB)"
    assert "shapes" not in layout


def test_what_is_laid_over_is_dashed_in_the_colour_of_its_role():
    lines = (Line("a", "Hits"), Line("m", "Hits", role="model"), Line("t", "Hits", role="theory"))
    figure = drawn(Chart("Hits", lines, "%"), a=[[0, 1]], m=[[0, 1]], t=[[0, 1]])
    looks = [(trace["line"]["color"], trace["line"]["dash"]) for trace in figure["data"]]
    assert looks == [("var(--measured)", "solid"), ("var(--simulated)", "dash"), ("var(--theory)", "dashdot")]
    assert figure["roles"] == ["result", "model", "theory"]


def test_a_run_without_a_set_length_is_not_cut_off_by_one_that_has_one():
    real, simulated = {"duration_s": 20, "engine": "redis"}, {"duration_s": 20, "engine": "simulated"}
    assert seconds([real, {**real, "duration_s": 30}])["range"] == [0, 30]
    assert "range" not in seconds([real, simulated])
    assert "range" not in seconds([simulated])
    assert "range" not in seconds([])
