"""What is on a chart before the first point moves? Lines, steps, dots or bars, with guess and theory drawn in."""

from typing import Any

import plotly.graph_objects as go

from apps.experiments.base import Chart, Experiment
from apps.labs.drawing import as_json, axis_of, draw_level, draw_moment, draw_stripe
from apps.labs.models import Run
from apps.labs.traces import across, add_line
from apps.labs.units import shown

EVENTS = ("event", "trigger", "failure")  # parameters that say what happens at `event_at_s`


def figure_json(experiment: Experiment, chart: Chart, run: Run | None) -> str:
    """Return the chart as JSON text: Plotly's data and layout, and which series feeds which trace."""
    series = (run.series or {}) if run else {}
    figure = go.Figure(layout=_layout(chart, run, series))
    for number, line in enumerate(chart.lines):
        add_line(figure, chart, line, series.get(line.series, []), number, f"var(--{experiment.kind})")
    if run:
        draw_number_guess(figure, experiment, chart, run.guess)
        draw_theory(figure, experiment, chart, (run.result or {}).get("expected", {}))
        draw_event(figure, experiment, chart, run.params)
    return as_json(figure, series=[line.series for line in chart.lines], roles=[line.role for line in chart.lines])


def _layout(chart: Chart, run: Run | None, series: dict[str, Any]) -> dict:
    """Return what the chart says; how all charts look is the page's part."""
    return {
        "xaxis": across(chart, [run.params] if run else [], series),
        "yaxis": axis_of(chart.unit, chart.high),
        **({"showlegend": True} if chart.shape == "bars" and len(chart.lines) > 1 else {}),
    }


def draw_event(figure: go.Figure, experiment: Experiment, chart: Chart, params: dict) -> None:
    """Add the event of a run, in the words in which it was chosen, at the moment for which it was set.

    Labs call it an event, a trigger or a failure. A chart over something else than time has no such moment, and with
    some settings there is none.
    """
    at, name = params.get("event_at_s"), next((name for name in EVENTS if name in experiment.params), None)
    if chart.x or chart.shape == "bars" or name is None or at is None:
        return
    event = params.get(name, "none")
    if event != "none" and experiment.params["event_at_s"].matters(params):
        words = {choice.value: choice.label for choice in experiment.params[name].choices}
        draw_moment(figure, float(at), words.get(event, event).lower())


def draw_number_guess(figure: go.Figure, experiment: Experiment, chart: Chart, guess: dict | None) -> None:
    """Add a number that was bet and its range, if the chart shows its figure."""
    if not guess or guess["figure"] not in chart.figures or "value" not in guess:
        return
    declared = experiment.figures[guess["figure"]]
    draw_stripe(figure, guess["low"], guess["high"], "guess")
    draw_level(figure, guess["value"], "guess", f"your guess {shown(declared, guess['value'])}", "dot")


def draw_theory(figure: go.Figure, experiment: Experiment, chart: Chart, theory: dict) -> None:
    """Add what theory says about the figures of the chart, with its tolerance."""
    for name in (name for name in chart.figures if name in theory):
        value, tolerance = theory[name]["value"], theory[name]["tolerance"]
        if 0 < tolerance <= abs(value):  # a wider one would hide what it is about
            draw_stripe(figure, value - tolerance, value + tolerance, "theory")
        draw_level(figure, value, "theory", f"theory {shown(experiment.figures[name], value)}", "dash", "top left")
