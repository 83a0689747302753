"""How are the lines of a run told without a chart? As tables: a row for each second, bar or value of what is across."""

import math
from typing import Any

from apps.experiments.base import Chart, Experiment, Line
from apps.labs.units import scale

MOST_ROWS = 130
FEW_S = 10.0  # a run shorter than that has rows closer than a second


def tables(experiment: Experiment, series: dict) -> list[dict[str, Any]]:
    """Return the series as tables, one a chart, short enough to read; `number` is the chart's place in the lab."""
    drawn = [chart for chart in experiment.charts if any(series.get(line.series) for line in chart.lines)]
    return [{**_table(chart, series), "number": number} for number, chart in enumerate(drawn, start=1)]


def _table(chart: Chart, series: dict) -> dict[str, Any]:
    columns = [line for line in chart.lines if series.get(line.series)]
    rows: dict[float, dict[str, float]] = {}
    row_of = _rows_of(chart, [x for line in columns for x, _ in series[line.series]])
    for line in columns:
        for x, y in series[line.series]:
            rows.setdefault(row_of(x), {}).setdefault(line.series, y * scale(chart))
    kept = _thinned(sorted(rows))
    return {
        "title": chart.title,
        "head": _capital(chart.x) or ("" if chart.shape == "bars" else "Second"),
        "columns": [(_named(chart, line), line.role) for line in columns],
        "rows": [(_head(chart, x), [(_cell(rows[x].get(line.series)), line.role) for line in columns]) for x in kept],
    }


def _rows_of(chart: Chart, xs: list[float]):
    """Return a function from x to its row: itself, or the beginning of its second; of a short run a part of one."""
    if chart.x or chart.shape == "bars":
        return lambda x: x
    length = max(xs) - min(0.0, min(xs))
    if length >= FEW_S or length <= 0:
        return lambda x: float(int(x))
    width = 10.0 ** math.floor(math.log10(length / 20))
    return lambda x: round(math.floor(x / width + 1e-9) * width, 9)


def _thinned(xs: list[float]) -> list[float]:
    """Return every n-th of so many rows that few enough are left, and the last one."""
    step = math.ceil(len(xs) / MOST_ROWS)
    return xs if step == 1 else [*xs[:-1:step], xs[-1]]


def _head(chart: Chart, x: float) -> str:
    if chart.shape == "bars" and 0 <= int(x) < len(chart.names):
        return chart.names[int(x)]
    return f"{x:.6g}"


def _named(chart: Chart, line: Line) -> str:
    return f"{line.label}, {chart.unit}" if chart.unit else line.label


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
