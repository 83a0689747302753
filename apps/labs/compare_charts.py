"""How do up to four runs look on one axis? A chart for each line that the lab draws, a line in it for each run.

A run is told by its letter at the end of its line and by its dashes; colour only helps.
"""

import plotly.graph_objects as go

from apps.experiments.base import Chart, Experiment, Line
from apps.labs.charts import drawn_as
from apps.labs.drawing import as_json, axis_of, hover_of, seconds
from apps.labs.models import Run

COLOURS = ("var(--{kind})", "var(--accent)", "var(--ink)", "var(--fourth)")


def comparison_charts(experiment: Experiment, named: list[tuple[str, Run]]) -> list[dict]:
    """Return the charts of runs with their letters: title, the JSON for the page, a description in words."""
    return [
        {
            "title": f"{chart.title}: {line.label}" if len(chart.lines) > 1 else chart.title,
            "json": _drawn(experiment, chart, line, named),
            "description": f"{chart.title}, {line.label}, of {len(named)} runs over time.",
        }
        for chart in experiment.charts
        for line in chart.lines
        if any((run.series or {}).get(line.series) for _, run in named)
    ]


def _drawn(experiment: Experiment, chart: Chart, line: Line, named: list[tuple[str, Run]]) -> str:
    across = seconds([run.params for _, run in named])
    figure = go.Figure(layout={"xaxis": across, "yaxis": axis_of(chart.unit, chart.high)})
    for number, (letter, run) in enumerate(named):
        points = (run.series or {}).get(line.series, [])
        colour = COLOURS[number].format(kind=experiment.kind)
        figure.add_scatter(
            x=[x for x, _ in points],
            y=[y for _, y in points],
            name=letter,
            hovertemplate=f"{letter}: {hover_of(chart.unit)}<extra></extra>",
            **drawn_as(chart, colour, number),
        )
    return as_json(figure, series=[letter for letter, _ in named])
