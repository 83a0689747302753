"""How far do trials lie apart? Median, p5 and p95 of numbers, and of lines over time.

Quantiles are those of Hyndman and Fan's type 7 (NumPy's default): linear interpolation between the ordered values.
With few trials p5 and p95 therefore lie close to the least and the greatest; with one trial all three are that trial.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

QUANTILES = "linear interpolation between ordered values (Hyndman and Fan, type 7)"
MOST_GRID = 400

Points = Sequence[Sequence[float]]


def quantile(values: Iterable[float], share: float) -> float:
    """Return a quantile (share 0 to 1) of at least one value, by QUANTILES."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    low, high = ordered[below], ordered[above]
    return min(high, low + (high - low) * (place - below))


def spread(values: Sequence[float]) -> dict[str, float | None]:
    """Return median, p5 and p95 of some values; None for each if there is none."""
    if not values:
        return {"median": None, "p5": None, "p95": None}
    return {"median": quantile(values, 0.5), "p5": quantile(values, 0.05), "p95": quantile(values, 0.95)}


def bands(several: Sequence[Mapping[str, Points]]) -> dict[str, list[list[float]]]:
    """Return for each series [x, median, p5, p95] over the trials that have it.

    Trials that have the same x (bars, a curve over sizes) are taken as they are. Others sample at slightly different
    times, so each is read off, by a straight line between its neighbours, on one common grid: evenly spaced over the
    time that all of them cover, with as many points as they have (the median).
    """
    names = dict.fromkeys(name for series in several for name in series)
    return {name: _band([rising(series[name]) for series in several if series.get(name)]) for name in names}


def _band(trials: Sequence[Points]) -> list[list[float]]:
    rows = []
    for x in _grid([points for points in trials if points]):
        ys = [read_off(points, x) for points in trials if points]
        rows.append([x, quantile(ys, 0.5), quantile(ys, 0.05), quantile(ys, 0.95)])
    return rows


def _grid(trials: Sequence[Points]) -> list[float]:
    if not trials:
        return []
    xs = [x for x, _ in trials[0]]
    if len(xs) <= MOST_GRID and all(xs == [x for x, _ in points] for points in trials[1:]):
        return xs
    low, high = max(points[0][0] for points in trials), min(points[-1][0] for points in trials)
    count = min(MOST_GRID, round(quantile((len(points) for points in trials), 0.5)))
    if high < low:
        return []
    if high == low or count < 2:
        return [round(low, 3)]
    digits = 3 + max(0, -math.floor(math.log10(high - low)))
    return [round(low + (high - low) * step / (count - 1), digits) for step in range(count)]


def rising(points: Points) -> Points:
    """Return a series in rising x; of points with the same x the last."""
    return [[x, y] for x, y in sorted({x: y for x, y in points if y is not None}.items())]


def read_off(points: Points, x: float) -> float:
    """Return y at x of a series in rising x, on the straight line between its neighbours; its end values beyond."""
    place = bisect_left(points, x, key=lambda point: point[0])
    if place == len(points):
        return points[-1][1]
    (right, y), (left, before) = points[place], points[max(0, place - 1)]
    if place == 0 or right == x:
        return y
    part = (x - left) / (right - left)
    return before * (1 - part) + y * part
