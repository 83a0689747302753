"""What do repeated trials look like? Each chart of the lab over time: the median, and its 5th to 95th percentile."""

from typing import Any

import plotly.graph_objects as go

from apps.experiments.base import Chart, Experiment
from apps.labs.charts import draw_number_guess, draw_theory, drawn_as
from apps.labs.drawing import as_json, axis_of, draw_band, hover_of, seconds


def trials_json(experiment: Experiment, chart: Chart, folded: dict[str, Any], params: dict[str, Any]) -> str:
    """Return one chart of the lab over the trials of `folded`, the fold of a study without a sweep, as JSON text."""
    figure = go.Figure(
        layout={
            "xaxis": seconds([params]),
            "yaxis": axis_of(chart.unit, chart.high),
        }
    )
    series = [folded["series"].get(line.series, []) for line in chart.lines]
    for number, (line, points) in enumerate(zip(chart.lines, series, strict=True)):
        figure.add_scatter(
            x=[point[0] for point in points],
            y=[point[1] for point in points],
            name=line.label,
            hovertemplate=hover_of(chart.unit),
            **drawn_as(chart, f"var(--{experiment.kind})", number),
        )
    for points in series:
        if len(points) > 1 and chart.shape != "dots":
            draw_band(
                figure, *map(list, zip(*((x, low, high) for x, _, low, high in points), strict=True)), experiment.kind
            )
    point = folded["points"][0]
    expected = {folded["figure"]: point["expected"]} if point["expected"] else {}
    draw_number_guess(figure, experiment, chart, folded["guess"])
    draw_theory(figure, experiment, chart, expected)
    return as_json(figure, series=[line.series for line in chart.lines])
