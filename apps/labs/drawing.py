"""How is any chart of ours written down? As Plotly's data and layout in JSON; colours by name, units on the axis.

Colours are CSS custom properties: the page resolves them, so that one figure serves light and dark.
"""

import json
from typing import Any

import plotly.graph_objects as go


def as_json(figure: go.Figure, **more: Any) -> str:
    """Return the figure as JSON text that may stand in a script element, with `more` beside data and layout."""
    drawn = {**json.loads(figure.to_json()), **more}
    drawn["layout"].pop("template", None)  # 5 KB of Plotly's own look, which the page replaces
    return json.dumps(drawn, separators=(",", ":")).replace("<", "\\u003c")


def axis_of(unit: str, high: float | None = None) -> dict[str, Any]:
    """Return a vertical axis from zero in a unit; "%" shows shares in per cent. `high` fixes its upper end."""
    words = {"tickformat": ".0%"} if unit == "%" else {"ticksuffix": f" {unit}".rstrip()}
    return {"rangemode": "tozero", **words, **({"range": [0, high * 1.02]} if high else {})}


def seconds(settings: list[dict[str, Any]]) -> dict[str, Any]:
    """Return an axis of seconds, as long as the longest run with these settings; open if one has no set length."""
    real = [params for params in settings if params.get("engine") != "simulated"]  # a simulated run has no set length
    lengths = [float(params["duration_s"]) for params in real if "duration_s" in params]
    every = len(lengths) == len(settings)  # else the axis of the set ones would cut off the others
    return {"ticksuffix": " s", "rangemode": "tozero", **({"range": [0, max(lengths)]} if every and lengths else {})}


def hover_of(unit: str) -> str:
    """Return how a point of a line in this unit is told under the pointer."""
    return "%{y:.1%}" if unit == "%" else f"%{{y:.3~g}} {unit}".strip()


def draw_level(figure: go.Figure, y: float, role: str, text: str, dash: str, position: str = "top right") -> None:
    """Add a standing line in the colour of its role, with its words at one end."""
    figure.add_hline(
        y=y,
        line={"color": f"var(--{role})", "width": 2, "dash": dash},
        annotation={"text": text, "font": {"color": f"var(--{role})", "size": 13}, "showarrow": False},
        annotation_position=position,
    )


def draw_moment(figure: go.Figure, x: float, text: str) -> None:
    """Add an upright line at a moment of the run, with what happened then beside it."""
    figure.add_vline(
        x=x,
        line={"color": "var(--quiet)", "width": 1.5, "dash": "dot"},
        annotation={"text": text, "font": {"color": "var(--quiet)", "size": 12}, "showarrow": False, "xanchor": "left"},
        annotation_position="bottom right",
    )


def draw_stripe(figure: go.Figure, low: float, high: float, role: str) -> None:
    """Add a faint stripe over the whole width: the range of a guess, the tolerance of a theory."""
    figure.add_hrect(y0=low, y1=high, fillcolor=f"var(--{role})", opacity=0.08, line_width=0, layer="below")


def draw_band(figure: go.Figure, xs: list[float], lows: list[float], highs: list[float], role: str) -> None:
    """Add a faint area between two curves: the 5th to 95th percentile of trials, the range of a sketch."""
    figure.add_scatter(
        x=[*xs, *reversed(xs)],
        y=[*highs, *reversed(lows)],
        fill="toself",
        fillcolor=f"var(--{role}-wash)",
        line={"width": 0, "color": f"var(--{role})"},
        mode="lines",
        hoverinfo="skip",
        showlegend=False,
    )
