"""What is on a chart before the first point moves? Layout and lines from Plotly, with guess and theory drawn in.

Colours are CSS custom properties by name: the page resolves them, so that one figure serves light and dark.
"""

import json

import plotly.graph_objects as go

from apps.experiments.base import Chart, Experiment
from apps.labs.models import Run
from apps.labs.units import shown

SHADES = ("solid", "dot", "dash")


def figure_json(experiment: Experiment, chart: Chart, run: Run | None) -> str:
    """Return the chart as JSON text: Plotly's data and layout, and which series feeds which trace."""
    kind = f"var(--{experiment.kind})"
    series = (run.series or {}) if run else {}
    figure = go.Figure(layout=_layout(chart, run))
    for line, dash in zip(chart.lines, SHADES, strict=False):
        points = series.get(line.series, [])
        figure.add_scatter(
            x=[x for x, _ in points],
            y=[y for _, y in points],
            name=line.label,
            mode="lines",
            line={"color": kind, "width": 2.4, "dash": dash},
            hovertemplate="%{y:.1%}" if chart.unit == "%" else f"%{{y:.3~g}} {chart.unit}",
        )
    if run:
        _draw_guess(figure, experiment, chart, run)
        _draw_theory(figure, experiment, chart, run)
    drawn = {**json.loads(figure.to_json()), "series": [line.series for line in chart.lines]}
    drawn["layout"].pop("template", None)  # 5 KB of Plotly's own look, which the page replaces
    return json.dumps(drawn, separators=(",", ":")).replace("<", "\\u003c")  # it stands inside a script element


def _layout(chart: Chart, run: Run | None) -> dict:
    """Return what the chart says; how all charts look is the page's part."""
    duration = float(run.params.get("duration_s", 20)) if run else 20.0
    unit = {"tickformat": ".0%"} if chart.unit == "%" else {"ticksuffix": f" {chart.unit}"}
    range_ = {"range": [0, chart.high * 1.02]} if chart.high else {}
    return {
        "xaxis": {"ticksuffix": " s", "range": [0, duration]},
        "yaxis": {"rangemode": "tozero", **unit, **range_},
    }


def _draw_guess(figure: go.Figure, experiment: Experiment, chart: Chart, run: Run) -> None:
    guess = run.guess
    if not guess or guess["figure"] not in chart.figures:
        return
    declared = experiment.figures[guess["figure"]]
    figure.add_hrect(y0=guess["low"], y1=guess["high"], fillcolor="var(--guess)", opacity=0.08, line_width=0)
    _line(figure, guess["value"], "guess", f"your guess {shown(declared, guess['value'])}", "dot")


def _draw_theory(figure: go.Figure, experiment: Experiment, chart: Chart, run: Run) -> None:
    theory = (run.result or {}).get("expected", {})
    for name in (name for name in chart.figures if name in theory):
        expected, declared = theory[name], experiment.figures[name]
        text = f"theory {shown(declared, expected['value'])}"
        _line(figure, expected["value"], "theory", text, "dash", position="top left")


def _line(figure: go.Figure, y: float, role: str, text: str, dash: str, position: str = "top right") -> None:
    figure.add_hline(
        y=y,
        line={"color": f"var(--{role})", "width": 2, "dash": dash},
        annotation={"text": text, "font": {"color": f"var(--{role})", "size": 13}, "showarrow": False},
        annotation_position=position,
    )
