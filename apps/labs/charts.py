"""What is on a chart before the first point moves? Layout and lines from Plotly, with guess and theory drawn in.

Colours are CSS custom properties by name: the page resolves them, so that one figure serves light and dark.
"""

import json

import plotly.graph_objects as go

from apps.experiments.base import Chart, Experiment
from apps.labs.models import Run
from apps.labs.units import scale, shown

SHADES = ("solid", "dot", "dash")


def figure_json(experiment: Experiment, chart: Chart, run: Run | None) -> str:
    """Return the chart as JSON text: Plotly's data and layout, and which series feeds which trace."""
    kind = f"var(--{experiment.kind})"
    series = (run.series or {}) if run else {}
    factor = 100.0 if chart.unit == "%" else 1.0
    figure = go.Figure(layout=_layout(chart, run))
    for line, dash in zip(chart.lines, SHADES, strict=False):
        points = series.get(line.series, [])
        figure.add_scatter(
            x=[x for x, _ in points],
            y=[y * factor for _, y in points],
            name=line.label,
            mode="lines",
            line={"color": kind, "width": 2.4, "dash": dash},
            hovertemplate=f"%{{y:.3~g}} {chart.unit} at %{{x:.1f}} s",
        )
    if run and chart.figure:
        _draw_guess(figure, experiment, chart, run)
        _draw_theory(figure, experiment, chart, run)
    return json.dumps(
        {
            **json.loads(figure.to_json()),
            "series": [line.series for line in chart.lines],
            "scale": factor,
        },
        separators=(",", ":"),
    ).replace("<", "\\u003c")


def _layout(chart: Chart, run: Run | None) -> dict:
    duration = float(run.params.get("duration_s", 0)) if run else 0
    grid = {"gridcolor": "var(--rule)", "zeroline": False, "linecolor": "var(--rule)", "fixedrange": True}
    font = {"family": "Instrument Sans, system-ui, sans-serif", "size": 12.5, "color": "var(--quiet)"}
    return {
        "template": None,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": font,
        "margin": {"l": 52, "r": 12, "t": 12, "b": 34},
        "showlegend": len(chart.lines) > 1,
        "legend": {"orientation": "h", "x": 0, "y": 1.12},
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": "var(--sheet)", "bordercolor": "var(--rule)"},
        "xaxis": {**grid, "ticksuffix": " s", "range": [0, duration or 20], "showgrid": False},
        "yaxis": {
            **grid,
            "ticksuffix": f" {chart.unit}",
            "rangemode": "tozero",
            **({"range": [0, chart.high * (100 if chart.unit == "%" else 1) * 1.02]} if chart.high else {}),
        },
    }


def _draw_guess(figure: go.Figure, experiment: Experiment, chart: Chart, run: Run) -> None:
    guess = run.guess
    if not guess or guess["figure"] != chart.figure:
        return
    declared = experiment.figures[chart.figure]
    factor = scale(declared)
    figure.add_hrect(
        y0=guess["low"] * factor, y1=guess["high"] * factor, fillcolor="var(--guess)", opacity=0.08, line_width=0
    )
    _line(figure, guess["value"] * factor, "guess", f"your guess {shown(declared, guess['value'])}", "dot")


def _draw_theory(figure: go.Figure, experiment: Experiment, chart: Chart, run: Run) -> None:
    expected = (run.result or {}).get("expected", {}).get(chart.figure)
    if expected:
        declared = experiment.figures[chart.figure]
        text = f"theory {shown(declared, expected['value'])}"
        _line(figure, expected["value"] * scale(declared), "theory", text, "dash", position="bottom right")


def _line(figure: go.Figure, y: float, role: str, text: str, dash: str, position: str = "top right") -> None:
    figure.add_hline(
        y=y,
        line={"color": f"var(--{role})", "width": 2, "dash": dash},
        annotation={"text": text, "font": {"color": f"var(--{role})", "size": 13}, "showarrow": False},
        annotation_position=position,
    )
