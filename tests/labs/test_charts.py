"""What is bet on is drawn: guess and theory stand on the chart of their figure."""

import json
import uuid

import pytest

from apps.experiments.registry import experiments
from apps.labs.charts import figure_json
from apps.labs.models import Run

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
def test_every_bet_and_its_theory_stand_on_a_chart(lab, preset):
    run = run_with(lab, preset.predict.figure)
    drawn = [json.loads(figure_json(lab, chart, run)) for chart in lab.charts]
    heights = [shape["y0"] for figure in drawn for shape in figure["layout"].get("shapes", [])]
    assert {0.5, 0.4, 0.6} <= set(heights)


def test_a_chart_is_small_and_cannot_end_its_script_element():
    lab = experiments()["caching"]
    text = figure_json(lab, lab.charts[0], None)
    assert "<" not in text
    assert len(text) < 2000, "Plotly's own template is left out"
