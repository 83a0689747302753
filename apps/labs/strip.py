"""Where do guess, theory and result of a number lie that has no line over time? On one scale, a row for each."""

import math
from dataclasses import dataclass

from apps.experiments.base import Experiment, Figure, Prediction
from apps.labs.axes import is_log
from apps.labs.units import shown, shown_number

WIDTH = 1000.0  # of the drawing, in its own units


@dataclass(frozen=True, slots=True)
class Row:
    """One mark on the scale: its role (m, g or t), its words, where it lies and how far it reaches (0 to 1000)."""

    role: str
    label: str
    text: str
    at: float
    start: float
    length: float


def strip(experiment: Experiment, prediction: Prediction, result: dict, guess: dict | None) -> list[Row]:
    """Return guess, theory and result of the figure that was bet on, if no chart of the lab shows that figure."""
    name = prediction.figure
    value = result.get("figures", {}).get(name)
    if value is None or any(name in chart.figures for chart in experiment.charts):
        return []
    figure, expected = experiment.figures[name], result.get("expected", {}).get(name)
    marks = [("m", experiment.kind.capitalize(), value, value, value)]
    if guess and guess["figure"] == name and "value" in guess:
        marks.insert(0, ("g", "Your guess", guess["value"], guess["low"], guess["high"]))
    if expected:
        middle, slack = expected["value"], expected["tolerance"]
        marks.append(("t", "Theory", middle, max(0.0, middle - slack), middle + slack))
    return _rows(figure, prediction, marks) if len(marks) > 1 else []


def _rows(figure: Figure, prediction: Prediction, marks: list[tuple]) -> list[Row]:
    place = _scale(figure, prediction, [end for *_, low, high in marks for end in (low, high)])
    rows = []
    for role, label, value, low, high in marks:
        text = shown(figure, value)
        if role == "g":
            text = f"{text} ({shown_number(figure, low)} to {shown_number(figure, high)})"
        start = place(low)
        rows.append(Row(role, label, text, place(value), start, round(place(high) - start, 1)))
    return rows


def _scale(figure: Figure, prediction: Prediction, ends: list[float]):
    """Return a function from a value to its place, 0 to 1000; by powers of ten where the bet ranges that far."""
    high = max(*ends, 1e-9) * 1.06
    if not is_log(figure, prediction):
        return lambda value: round(WIDTH * value / high, 1)
    low = min(prediction.low, *(end for end in ends if end > 0))
    span = math.log(high / low)
    return lambda value: round(WIDTH * math.log(max(value, low) / low) / span, 1)
