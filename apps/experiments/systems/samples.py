"""How do the lines of a finished simulation reach the page? Side by side: a sample holds the next point of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest

from apps.experiments.base import Point, Sample


def together(lines: Mapping[str, list[Point]], begin: float = 0.0, end: float = 1.0) -> Iterator[Sample]:
    """Yield samples with the next point of every line, to six digits; the progress goes from `begin` to `end`."""
    columns = [[(name, point) for point in points] for name, points in lines.items()]
    rows = list(zip_longest(*columns))
    for number, row in enumerate(rows, start=1):
        points = {name: (rounded(x), rounded(y)) for name, (x, y) in filter(None, row)}
        yield Sample(points=points, progress=begin + (end - begin) * number / len(rows))


def rounded(value: float) -> float:
    """Return a number to six digits, as the page needs no more."""
    return float(f"{value:.6g}")
