"""How is a result told? Its figures beside guess and theory, what theory says, and its lines as tables."""

import math

from apps.experiments.base import Chart, Experiment, Figure
from apps.labs.units import scale, shown


def figures_told(experiment: Experiment, result: dict, guess: dict | None, bet: str) -> list[dict]:
    """Return label, text and role of each figure: the one that was bet on first, guess and theory beside it."""
    told = []
    for name in sorted(result.get("figures", {}), key=lambda name: name != bet):
        declared = experiment.figures[name]
        told.append(_told(declared, declared.label, result["figures"][name], "m" if name == bet else ""))
        if name == bet:
            told += _beside(declared, name, result, guess)
    return told


def _beside(declared: Figure, name: str, result: dict, guess: dict | None) -> list[dict]:
    beside = []
    if guess and guess["figure"] == name and "value" in guess:
        beside.append(_told(declared, "Your guess", guess["value"], "g"))
    if expected := result.get("expected", {}).get(name):
        beside.append(_told(declared, "Theory", expected["value"], "t"))
    return beside


def _told(declared: Figure, label: str, value: float, role: str) -> dict:
    return {"label": label, "text": shown(declared, value), "role": role, "help": declared.help}


def theory_told(experiment: Experiment, expected: dict, figures: dict | None = None) -> list[dict]:
    """Return what theory says about each figure, with its tolerance and source, and whether `figures` lie within."""
    return [
        {
            "label": experiment.figures[name].label,
            "text": shown(experiment.figures[name], theory["value"]),
            "tolerance": shown(experiment.figures[name], theory["tolerance"]),
            "source": theory["source"],
            "holds": abs((figures or {}).get(name, math.inf) - theory["value"]) <= theory["tolerance"],
        }
        for name, theory in expected.items()
    ]


def tables(experiment: Experiment, series: dict) -> list[dict]:
    """Return the series as tables: one a chart, a row for each second at most, so that a long run stays readable."""
    return [table for chart in experiment.charts if (table := _table(chart, series))]


def _table(chart: Chart, series: dict) -> dict | None:
    columns = [line for line in chart.lines if series.get(line.series)]
    if not columns:
        return None
    rows: dict[int, dict[str, float]] = {}
    for line in columns:
        for x, y in series[line.series]:
            rows.setdefault(int(x), {}).setdefault(line.series, y * scale(chart))
    return {
        "title": chart.title,
        "columns": [f"{line.label}, {chart.unit}" if chart.unit else line.label for line in columns],
        "rows": [(second, [_cell(rows[second].get(line.series)) for line in columns]) for second in sorted(rows)],
    }


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
