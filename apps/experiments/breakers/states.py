"""When was the breaker open? Read from the marks of a run."""

from __future__ import annotations

from collections.abc import Iterator

from apps.simulator.calls.report import MARKS, Report

LEVELS = {"breaker closed": 0.0, "breaker half-open": 1.0, "breaker open": 2.0}


def changes(report: Report) -> list[tuple[float, str]]:
    """Return when the breaker became what, in order of time; it is closed at first."""
    told = [(float(at), MARKS[int(what)]) for at, _, what in report.marks.tolist()]
    return [(at, what) for at, what in told if what in LEVELS]


def open_s(report: Report, until: float) -> float:
    """Return how many seconds the breaker was open, until a moment."""
    steps = [*changes(report), (until, "")]
    return sum(later - at for (at, what), (later, _) in zip(steps, steps[1:], strict=False) if what == "breaker open")


def opened(report: Report) -> int:
    """Return how often the breaker opened."""
    return sum(what == "breaker open" for _, what in changes(report))


def drawn(report: Report, until: float, most: int) -> Iterator[tuple[float, float]]:
    """Yield at most so many steps (seconds, level) of the breaker: 0 closed, 1 half-open, 2 open."""
    yield 0.0, 0.0
    level = 0.0
    for at, what in changes(report)[: most - 2]:
        level = LEVELS[what]
        yield round(at, 4), level
    yield until, level
