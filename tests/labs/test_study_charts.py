"""The chart of a sweep holds medians, spread, theory and sketch, on axes that keep them apart."""

import json

import pytest

from apps.experiments.registry import experiments
from apps.labs.study_charts import sweep_json
from apps.labs.trial_charts import trials_json

LAB = experiments()["rate-limiting"]


def point(value, median, theory=None):
    spread = {"median": median, "p5": median and median * 0.9, "p95": median and median * 1.1}
    expected = theory and {"value": theory, "tolerance": theory / 10, "source": "a formula"}
    return {"value": value, "n": 3, **spread, "expected": expected, "figures": {"bytes_per_key": spread}}


def fold(points, guess=None, trials=3):
    values = [each["value"] for each in points]
    return {
        "figure": "bytes_per_key",
        "param": "limit",
        "values": values,
        "trials": trials,
        "points": points,
        "guess": guess,
    }


def drawn(folded, preset="sliding-log"):
    return json.loads(sweep_json(LAB, LAB.presets[preset].predict, folded))


def test_only_what_was_measured_has_a_point():
    figure = drawn(fold([point(10, 100.0), point(100, 1000.0), point(1000, None)]))
    assert figure["series"] == ["measured"]
    assert figure["data"][0]["x"] == [1.0, 2.0]
    assert figure["data"][0]["y"] == [2.0, 3.0], "both axes count powers of ten"
    assert figure["layout"]["xaxis"]["ticktext"] == ["10", "100", "1000"]


def test_theory_and_sketch_have_their_names_and_bands():
    guess = {"figure": "bytes_per_key", "param": "limit", "curve": [[10, 50], [100, 500]], "within": 400}
    figure = drawn(fold([point(10, 100.0, 110), point(100, 1000.0, 1100)], guess))
    assert figure["series"] == ["measured", "theory", "your guess"]
    areas = [trace for trace in figure["data"] if trace.get("fill") == "toself"]
    assert {area["fillcolor"] for area in areas} == {"var(--guess-wash)", "var(--theory-wash)", "var(--measured-wash)"}
    (band,) = [area for area in areas if area["fillcolor"] == "var(--guess-wash)"]
    assert min(band["y"]) == pytest.approx(1.0), "what reaches below the axis ends at it"


def test_one_trial_has_no_spread_to_draw():
    figure = drawn(fold([point(10, 100.0), point(100, 1000.0)], trials=1))
    assert not any(trace.get("fill") == "toself" for trace in figure["data"])


def test_repeated_trials_are_drawn_over_time_with_their_band():
    lab = experiments()["caching"]
    chart = next(chart for chart in lab.charts if "hit_ratio" in chart.figures)
    series = {chart.lines[0].series: [[0, 0.1, 0.05, 0.2], [1, 0.5, 0.4, 0.6]]}
    guess = {"figure": "hit_ratio", "value": 0.75, "low": 0.6, "high": 0.85}
    folded = {"figure": "hit_ratio", "trials": 5, "series": series, "guess": guess, "points": [point(None, 0.5, 0.52)]}
    figure = json.loads(trials_json(lab, chart, folded, {"duration_s": 8}))
    assert figure["data"][0]["y"] == [0.1, 0.5]
    (band,) = [trace for trace in figure["data"] if trace.get("fill") == "toself"]
    assert band["y"] == [0.2, 0.6, 0.4, 0.05]
    heights = {shape["y0"] for shape in figure["layout"]["shapes"]}
    assert heights >= {0.75, 0.6, 0.52}
    assert figure["layout"]["xaxis"]["range"] == [0, 8]
