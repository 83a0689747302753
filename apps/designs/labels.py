"""Where does the word on an arrow stand? Near its middle, on no box, on no other word, on few lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from apps.designs.geometry import Box, Point, Route

LABEL_SIZE = 12.0
CLEARANCE = 3.0
_SHARES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)
_HIT = 1000.0  # a box or another word: never, if there is any other place
_OTHER_LINE, _OWN_LINE, _AWAY = 6.0, 5.0, 8.0


def place_labels(
    boxes: Sequence[Box], routes: Sequence[Route], sizes: Sequence[tuple[float, float] | None]
) -> tuple[tuple[Box | None, ...], float]:
    """Return the place of each label (None where there is none) and how much they touch: 0 is well."""
    lines = [route.samples() for route in routes]
    placed: list[Box | None] = [None] * len(routes)
    trouble = 0.0
    for index, (route, size) in enumerate(zip(routes, sizes, strict=True)):
        if size is None:
            continue
        taken = [*boxes, *(box for box in placed if box)]
        others = [point for number, line in enumerate(lines) if number != index for point in line]
        placed[index], touched = _best(route, size, taken, others, lines[index])
        trouble += touched
    return tuple(placed), trouble


def _best(
    route: Route, size: tuple[float, float], taken: Sequence[Box], others: Sequence[Point], own: Sequence[Point]
) -> tuple[Box | None, float]:
    """Return the cheapest place and how much it touches. What is too far off already is not looked at closely."""
    best, least, touching = None, float("inf"), 0.0
    for away, box in _candidates(route, *size):
        if away < least:
            touched = _touched(box, taken, others)
            cost = away + touched + _OWN_LINE * _points_in(box, own)
            if cost < least:
                best, least, touching = box, cost, touched
    return best, touching


def _candidates(route: Route, width: float, height: float) -> Iterator[tuple[float, Box]]:
    """Yield places round points of the arrow with what is paid for being away from its middle."""
    middle = (len(route.curves) - 1) // 2
    for number, curve in enumerate(route.curves):
        for rank, share in enumerate(_SHARES):
            x, y = curve.at(share)
            away = _AWAY * (rank + 3 * abs(number - middle))
            for far in (0.0, 3.0, 6.0):  # a slope needs a little more air than a level line
                gap = CLEARANCE + far
                yield away + far, Box(x - width / 2, y - height - gap, width, height)
                yield away + far + 1, Box(x - width / 2, y + gap, width, height)
                yield away + far + 1, Box(x + gap + 2, y - height / 2, width, height)
                yield away + far + 2, Box(x - width - gap - 2, y - height / 2, width, height)


def _touched(box: Box, taken: Sequence[Box], others: Sequence[Point]) -> float:
    return _HIT * sum(box.overlaps(other, CLEARANCE) for other in taken) + _OTHER_LINE * _points_in(box, others)


def _points_in(box: Box, points: Sequence[Point]) -> int:
    left, right, top, bottom = box.x, box.x + box.width, box.y, box.y + box.height
    return sum([left <= x <= right and top <= y <= bottom for x, y in points])
