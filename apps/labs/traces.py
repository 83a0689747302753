"""How is one series of a chart drawn, and over what? The same rules for one run, for trials and for runs compared."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from apps.experiments.base import Chart, Line
from apps.labs.drawing import hover_of, seconds

SHADES = ("solid", "dot", "dash", "longdashdot")
SYMBOLS = ("circle", "diamond", "square", "x")
PATTERNS = ("", "/", ".", "x")  # of bars
LAID_OVER = {"model": "var(--simulated)", "theory": "var(--theory)"}  # the roles that are dashed, with their colours

Points = Sequence[Sequence[float]]


def add_line(
    figure: go.Figure, chart: Chart, line: Line, points: Points, number: int, colour: str, name: str = ""
) -> None:
    """Add the numbered line of a chart. A bar keeps its newest height; `name` takes the place of the line's own."""
    if chart.shape == "bars":
        points = sorted({x: y for x, y, *_ in points}.items())
    look = {
        "x": [point[0] for point in points],
        "y": [point[1] for point in points],
        "name": name or line.label,
        "hovertemplate": hover_of(chart.unit),
        **drawn_as(chart, line, colour, number),
    }
    if chart.shape == "bars" and line.role == "result":
        figure.add_bar(**look)
    else:
        figure.add_scatter(**look)


def drawn_as(chart: Chart, line: Line, colour: str, number: int) -> dict[str, Any]:
    """Return how the numbered line of a chart is drawn, so that lines differ without their colour too."""
    laid_over = LAID_OVER.get(line.role)
    if chart.shape == "bars":
        if laid_over:  # a short rule over each bar
            rule = {"color": laid_over, "width": 3}
            return {
                "mode": "markers",
                "marker": {"symbol": "line-ew-open", "size": 22, "line": rule, "color": laid_over},
            }
        shape = PATTERNS[number % len(PATTERNS)]
        pattern = {"shape": shape, "fillmode": "overlay", "fgcolor": "var(--sheet)", "size": 7, "solidity": 0.4}
        return {"marker": {"color": colour, "pattern": pattern}}
    if laid_over:
        return {"mode": "lines", "line": {"color": laid_over, "width": 2, "dash": "dash" if number < 2 else "dashdot"}}
    if chart.shape == "dots":
        marker = {"color": colour, "size": 6, "symbol": SYMBOLS[number % len(SYMBOLS)], "opacity": 0.75}
        return {"mode": "markers", "marker": marker, "line": {"color": colour}}
    look = {"color": colour, "width": 2.4, "dash": SHADES[number % len(SHADES)]}
    return {"mode": "lines", "line": {**look, "shape": "hv"} if chart.shape == "step" else look}


def across(chart: Chart, settings: list[dict[str, Any]], series: Mapping[str, Points]) -> dict[str, Any]:
    """Return the horizontal axis: seconds of runs with these settings, what `chart.x` names, or the bars' own names."""
    if chart.shape == "bars":
        return _names(
            chart, max((len({x for x, *_ in series.get(line.series, [])}) for line in chart.lines), default=0)
        )
    if not chart.x:
        return seconds(settings)
    return {"title": {"text": chart.x}, **(_powers(chart, series) if chart.log_x else {"rangemode": "tozero"})}


def _powers(chart: Chart, series: Mapping[str, Points]) -> dict[str, Any]:
    """Return an axis of powers of ten; one over less than two of them is also marked at 2 and 5."""
    xs = [x for line in chart.lines for x, *_ in series.get(line.series, []) if x > 0] or [1.0]
    return {"type": "log", "dtick": 1 if max(xs) / min(xs) >= 100 else "D2", "tickformat": "~g"}


def _names(chart: Chart, bars: int) -> dict[str, Any]:
    """Return an axis with a word under each bar; numbers from 0 where the chart has no words for them."""
    title = {"title": {"text": chart.x}} if chart.x else {}
    if not chart.names:
        return {"dtick": 1, "tickformat": "d", **title} if bars <= 24 else {"tickformat": "d", **title}
    words = list(chart.names[: bars or len(chart.names)])
    ticks = {"tickvals": list(range(len(words))), "ticktext": words, "tickangle": 0}
    return {**ticks, "range": [-0.6, len(words) - 0.4], **title}
