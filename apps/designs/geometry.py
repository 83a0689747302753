"""Which shapes is a drawn diagram made of? Boxes, curves and labels, in pixels from the top left corner."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]


ROUNDING = 1e-6  # of a pixel


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its left upper corner and its size."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: Box, margin: float = 0.0) -> bool:
        """Return whether the two share ground, or come nearer to each other than `margin`."""
        return (
            self.x < other.x + other.width + margin
            and other.x < self.x + self.width + margin
            and self.y < other.y + other.height + margin
            and other.y < self.y + self.height + margin
        )

    def holds(self, point: Point) -> bool:
        """Return whether the point lies inside or on the border, give or take the rounding of a sum."""
        x, y = point
        across = self.x - ROUNDING <= x <= self.x + self.width + ROUNDING
        return across and self.y - ROUNDING <= y <= self.y + self.height + ROUNDING


@dataclass(frozen=True, slots=True)
class Curve:
    """One cubic piece of an arrow."""

    start: Point
    first: Point
    second: Point
    end: Point

    def at(self, share: float) -> Point:
        """Return the point at `share` (0 to 1) of the parameter."""
        rest = 1 - share
        weights = (rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3)
        points = (self.start, self.first, self.second, self.end)
        return (
            sum(weight * point[0] for weight, point in zip(weights, points, strict=True)),
            sum(weight * point[1] for weight, point in zip(weights, points, strict=True)),
        )


@dataclass(frozen=True, slots=True)
class Route:
    """An arrow from the low rank to the high one: pieces in order, straight ones between them filled in."""

    curves: tuple[Curve, ...]
    backwards: bool  # the head is at the start

    def samples(self) -> list[Point]:
        """Return points along the whole arrow, near enough to each other to notice what it crosses."""
        return [curve.at(step / 16) for curve in self.curves for step in range(17)]


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything of a diagram in its place. `labels` holds None for an arrow without words."""

    boxes: dict[str, Box]
    routes: tuple[Route, ...]
    labels: tuple[Box | None, ...]
    width: float
    height: float
