"""How do up to four runs look on one axis? A chart for each line that the lab draws, a line in it for each run.

A run is told by its letter at the end of its line and by its dashes, as bars by its pattern; colour only helps. What is
laid over a run, a model or a theory, is left to the page of that run.
"""

import plotly.graph_objects as go

from apps.experiments.base import Chart, Experiment, Line
from apps.labs.drawing import as_json, axis_of
from apps.labs.models import Run
from apps.labs.traces import across, add_line

OTHERS = ("var(--accent)", "var(--ink)", "var(--fourth)")


def comparison_charts(experiment: Experiment, named: list[tuple[str, Run]]) -> list[dict]:
    """Return the charts of runs with their letters: title, the JSON for the page, a description in words."""
    return [
        {
            "title": f"{chart.title}: {line.label}" if len(results(chart)) > 1 else chart.title,
            "json": _drawn(experiment, chart, line, named),
            "description": f"{chart.title}, {line.label}, of {len(named)} runs{over(chart)}.",
        }
        for chart in experiment.charts
        for line in results(chart)
        if any((run.series or {}).get(line.series) for _, run in named)
    ]


def colours(kinds: list[str]) -> list[str]:
    """Return a colour for each run: its kind's for the first measured and the first simulated one, then others."""
    others = iter(OTHERS)
    return [f"var(--{kind})" if kind not in kinds[:number] else next(others) for number, kind in enumerate(kinds)]


def results(chart: Chart) -> list[Line]:
    """Return the lines that a run itself came to."""
    return [line for line in chart.lines if line.role == "result"]


def over(chart: Chart) -> str:
    """Return over what a chart is drawn, in words: " over time"; "" for bars."""
    return f" over {chart.x}" if chart.x else "" if chart.shape == "bars" else " over time"


def _drawn(experiment: Experiment, chart: Chart, line: Line, named: list[tuple[str, Run]]) -> str:
    several = {letter: (run.series or {}).get(line.series, []) for letter, run in named}
    longest = max(several.values(), key=len)
    axis = across(chart, [run.params for _, run in named], {line.series: longest})
    figure = go.Figure(layout={"xaxis": axis, "yaxis": axis_of(chart.unit, chart.high)})
    if chart.shape == "bars":
        figure.update_layout(showlegend=True)
    drawn_in = colours([experiment.kind_of(run.params) for _, run in named])
    for number, (letter, points) in enumerate(several.items()):
        add_line(figure, chart, line, points, number, drawn_in[number], name=letter)
        figure.data[-1].hovertemplate = f"{letter}: {figure.data[-1].hovertemplate}<extra></extra>"
    return as_json(figure, series=list(several))
