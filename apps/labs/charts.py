"""What is on a chart before the first point moves? Lines, steps or dots from Plotly, with guess and theory drawn in."""

import plotly.graph_objects as go

from apps.experiments.base import Chart, Experiment
from apps.labs.drawing import SHADES, SYMBOLS, as_json, axis_of, draw_level, draw_moment, draw_stripe, hover_of, seconds
from apps.labs.models import Run
from apps.labs.units import shown


def figure_json(experiment: Experiment, chart: Chart, run: Run | None) -> str:
    """Return the chart as JSON text: Plotly's data and layout, and which series feeds which trace."""
    series = (run.series or {}) if run else {}
    figure = go.Figure(layout=_layout(chart, run))
    for number, line in enumerate(chart.lines):
        points = series.get(line.series, [])
        figure.add_scatter(
            x=[x for x, _ in points],
            y=[y for _, y in points],
            name=line.label,
            hovertemplate=hover_of(chart.unit),
            **drawn_as(chart, f"var(--{experiment.kind})", number),
        )
    if run:
        draw_number_guess(figure, experiment, chart, run.guess)
        draw_theory(figure, experiment, chart, (run.result or {}).get("expected", {}))
        draw_event(figure, experiment, run.params)
    return as_json(figure, series=[line.series for line in chart.lines])


def drawn_as(chart: Chart, colour: str, number: int) -> dict:
    """Return how the numbered line of a chart is drawn, so that lines differ without their colour too."""
    if chart.shape == "dots":
        marker = {"color": colour, "size": 6, "symbol": SYMBOLS[number % len(SYMBOLS)], "opacity": 0.75}
        return {"mode": "markers", "marker": marker, "line": {"color": colour}}
    line = {"color": colour, "width": 2.4, "dash": SHADES[number % len(SHADES)]}
    return {"mode": "lines", "line": {**line, "shape": "hv"} if chart.shape == "step" else line}


def _layout(chart: Chart, run: Run | None) -> dict:
    """Return what the chart says; how all charts look is the page's part."""
    return {"xaxis": seconds([run.params] if run else []), "yaxis": axis_of(chart.unit, chart.high)}


def draw_event(figure: go.Figure, experiment: Experiment, params: dict) -> None:
    """Add the event of a run, in the words in which it was chosen, at the moment for which it was set."""
    event, at = params.get("event", "none"), params.get("event_at_s")
    if event != "none" and at is not None and "event" in experiment.params:
        words = {choice.value: choice.label for choice in experiment.params["event"].choices}
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
