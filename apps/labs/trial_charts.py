"""What do repeated trials look like? Each chart of the lab: the median, and its 5th to 95th percentile."""

from typing import Any

import plotly.graph_objects as go

from apps.experiments.base import Chart, Experiment
from apps.labs.charts import draw_number_guess, draw_theory
from apps.labs.drawing import as_json, axis_of, draw_band
from apps.labs.traces import across, add_line


def trials_json(experiment: Experiment, chart: Chart, folded: dict[str, Any], params: dict[str, Any]) -> str:
    """Return one chart of the lab over the trials of `folded`, the fold of a study without a sweep, as JSON text."""
    figure = go.Figure(
        layout={
            "xaxis": across(chart, [params], folded["series"]),
            "yaxis": axis_of(chart.unit, chart.high),
            **({"showlegend": True} if chart.shape == "bars" and len(chart.lines) > 1 else {}),
        }
    )
    series = [folded["series"].get(line.series, []) for line in chart.lines]
    for number, (line, points) in enumerate(zip(chart.lines, series, strict=True)):
        add_line(figure, chart, line, points, number, f"var(--{experiment.kind})")
    _draw_spread(figure, chart, series, experiment.kind)
    point = folded["points"][0]
    expected = {folded["figure"]: point["expected"]} if point["expected"] else {}
    draw_number_guess(figure, experiment, chart, folded["guess"])
    draw_theory(figure, experiment, chart, expected)
    return as_json(figure, series=[line.series for line in chart.lines], roles=[line.role for line in chart.lines])


def _draw_spread(figure: go.Figure, chart: Chart, series: list, kind: str) -> None:
    """Add how far trials lie apart: a band about a line, whiskers on bars, nothing about dots or what is laid over."""
    for trace, line, points in zip(list(figure.data), chart.lines, series, strict=True):
        if line.role != "result" or not points:
            continue
        xs, middles, lows, highs = map(list, zip(*points, strict=True))
        if chart.shape == "bars":
            up = [high - middle for middle, high in zip(middles, highs, strict=True)]
            down = [middle - low for middle, low in zip(middles, lows, strict=True)]
            trace.error_y = {"type": "data", "array": up, "arrayminus": down, "color": "var(--ink)", "thickness": 1.4}
        elif len(points) > 1 and chart.shape != "dots":
            draw_band(figure, xs, lows, highs, kind)
