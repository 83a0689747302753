"""What does the chart of a sweep show? Medians with the spread of their trials, theory, and the sketch, as they come.

A swept axis is spaced as its values need it (`axes.py`), and so is a height over many powers of ten. Both are laid out
here in plain positions with their own ticks, so that the page places the names of lines by one rule.
"""

import math
from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go

from apps.experiments.base import Experiment, Figure, Prediction
from apps.experiments.params import Param
from apps.labs.axes import is_log, spacing
from apps.labs.drawing import as_json, axis_of, draw_band
from apps.labs.units import shown
from apps.labs.wording import in_words


@dataclass
class Sheet:
    """A chart that is being drawn: where values stand on both axes, and which of its traces bear a name."""

    declared: Figure
    param: Param
    values: list[Any]
    prediction: Prediction
    figure: go.Figure = field(default_factory=go.Figure)
    names: list[str] = field(default_factory=list)

    @property
    def logarithmic(self) -> bool:
        """Return whether heights stand on an axis of powers of ten."""
        return is_log(self.declared, self.prediction)

    def x(self, number: int) -> float:
        """Return the position of the numbered swept value."""
        value = self.values[number]
        return {"even": number, "linear": value, "log": math.log10(value or 1)}[spacing(self.values)]

    def y(self, value: float) -> float | None:
        """Return the position of a value; None for one that a scale of powers of ten cannot show."""
        if not self.logarithmic:
            return value
        return math.log10(value) if value > 0 else None

    def line(
        self, name: str, role: str, heights: dict[int, float], dash: str = "solid", symbol: str = "circle"
    ) -> None:
        """Add a named line through the heights that are there, by the number of their swept value."""
        shown_heights = {number: y for number, value in heights.items() if (y := self.y(value)) is not None}
        self.names.append(name)
        self.figure.add_scatter(
            x=[self.x(number) for number in shown_heights],
            y=list(shown_heights.values()),
            customdata=[f"{name}: {shown(self.declared, heights[number])}" for number in shown_heights],
            name=name,
            mode="lines+markers",
            line={"color": f"var(--{role})", "width": 2.4, "dash": dash},
            marker={"color": f"var(--{role})", "size": 6, "symbol": symbol},
            hovertemplate="%{customdata}<extra></extra>",
        )

    def band(self, role: str, ends: dict[int, tuple[float, float]]) -> None:
        """Add a faint area between a lower and an upper end at each number."""
        if len(ends) > 1:
            lows = [self.y(max(low, self.floor)) for low, _ in ends.values()]
            highs = [self.y(max(high, self.floor)) for _, high in ends.values()]
            draw_band(self.figure, [self.x(number) for number in ends], lows, highs, role)

    @property
    def floor(self) -> float:
        """Return the height below which nothing is drawn: an axis of powers of ten has no zero."""
        return self.prediction.low if self.logarithmic else -math.inf


def sweep_json(experiment: Experiment, prediction: Prediction, folded: dict[str, Any]) -> str:
    """Return the chart of the figure of `folded` (the fold of a study) over its swept values, as JSON text."""
    declared, param = experiment.figures[folded["figure"]], experiment.params[folded["param"]]
    sheet = Sheet(declared, param, folded["values"], prediction)
    points = dict(enumerate(folded["points"]))
    measured = {number: point for number, point in points.items() if point["median"] is not None}
    theory = {number: point["expected"] for number, point in points.items() if point["expected"]}
    sheet.line(experiment.kind, experiment.kind, {number: point["median"] for number, point in measured.items()})
    if theory:
        sheet.line("theory", "theory", {number: each["value"] for number, each in theory.items()}, "dash", "x-thin")
    guess = folded["guess"] if folded["guess"] and "curve" in folded["guess"] else None
    curve = dict(enumerate(y for _, y in guess["curve"])) if guess else {}
    if guess:
        sheet.line("your guess", "guess", curve, "dot", "diamond")
        within = guess["within"]
        sheet.band("guess", {number: (y - within, y + within) for number, y in curve.items()})
    sheet.band(
        "theory",
        {n: (each["value"] - each["tolerance"], each["value"] + each["tolerance"]) for n, each in theory.items()},
    )
    if folded["trials"] > 1:
        sheet.band(experiment.kind, {number: (point["p5"], point["p95"]) for number, point in measured.items()})
    sheet.figure.update_layout(xaxis=_across(sheet), yaxis=_upward(sheet))
    return as_json(sheet.figure, series=sheet.names)


def _across(sheet: Sheet) -> dict[str, Any]:
    xs = [sheet.x(number) for number in range(len(sheet.values))]
    room = 0.04 * (xs[-1] - xs[0])
    unit = f", {sheet.param.unit}" if sheet.param.unit else ""
    return {
        "tickvals": xs,
        "tickangle": 0,
        "ticktext": [in_words(sheet.param, value).removesuffix(f"\u00a0{sheet.param.unit}") for value in sheet.values],
        "range": [xs[0] - room, xs[-1] + 4 * room],  # room for the names at the ends of the lines
        "title": {"text": f"{sheet.param.label}{unit}"},
    }


def _upward(sheet: Sheet) -> dict[str, Any]:
    if not sheet.logarithmic:
        return axis_of(sheet.declared.unit)
    heights = [y for trace in sheet.figure.data for y in trace.y]
    low = math.floor(min([math.log10(sheet.prediction.low), *heights]))
    high = math.ceil(max([*heights, low + 1]))
    return {
        "tickvals": list(range(low, high + 1)),
        "ticktext": [f"{10.0**power:,g}" for power in range(low, high + 1)],
        "range": [low, high + 0.1],
        "ticksuffix": f" {sheet.declared.unit}" if sheet.declared.unit else "",
    }
