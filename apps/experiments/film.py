"""What did the system look like while it ran? Requests as dots: who was where, from when to when, and how it ended.

A film is cut from the very run whose figures are shown. A player draws it as dots that wait, are served and travel; a
table tells the same to who cannot or will not watch.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

MOST_VISITS = 600  # dots that can be followed, and 25 KB on the page
MOST_SIGNS = 200

Fate = Literal["ok", "failed", "refused", "timeout", "late", "stale", "hit", "miss"]
Tone = Literal["plain", "good", "bad"]


@dataclass(frozen=True, slots=True)
class Place:
    """A box of the picture: columns go the way of a request, rows stand side by side. `slots` are served at once;
    0: a place that dots only pass, as a client or a network."""

    name: str
    label: str
    column: int
    row: int = 0
    slots: int = 1


@dataclass(frozen=True, slots=True)
class Visit:
    """One dot at one place: it came, began to be served (`began`), left; in seconds of the run, in that order.

    Dots of one number are one request: it travels from the place of a visit to that of its next. `fate` colours it
    when it leaves.
    """

    dot: int
    place: str
    came: float
    began: float
    left: float
    fate: Fate = "ok"


@dataclass(frozen=True, slots=True)
class Sign:
    """A word that stands at a place from a moment on, until the next sign there: "open", "down", "12 retries"."""

    at: float
    place: str
    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Film:
    """Places, the ways between them, visits and signs, from `start` to `end` (seconds of the run).

    `caption` says which part of the run is shown: "The first 200 of 200,000 requests". Where only one of so many
    requests is kept, `each` says of how many.
    """

    places: tuple[Place, ...]
    ways: tuple[tuple[str, str], ...]
    visits: tuple[Visit, ...]
    caption: str
    start: float
    end: float
    signs: tuple[Sign, ...] = ()
    each: int = 1

    def as_json(self) -> dict[str, Any]:
        """Return what the player reads: places by number, visits and signs as short rows, times in seconds."""
        number = {place.name: i for i, place in enumerate(self.places)}
        return {
            "places": [[p.label, p.column, p.row, p.slots] for p in self.places],
            "ways": [[number[a], number[b]] for a, b in self.ways],
            "visits": [[v.dot, number[v.place], _t(v.came), _t(v.began), _t(v.left), v.fate] for v in self.visits],
            "signs": [[_t(s.at), number[s.place], s.text, s.tone] for s in self.signs],
            "caption": self.caption,
            "start": _t(self.start),
            "end": _t(self.end),
            **({"each": self.each} if self.each > 1 else {}),
        }


def cut(
    places: Iterable[Place],
    ways: Iterable[tuple[str, str]],
    visits: Iterable[Visit],
    caption: str,
    *,
    signs: Iterable[Sign] = (),
    start: float = 0.0,
) -> Film | None:
    """Return a film of the first visits that fit, by the time at which they came; it ends when the last of them left.

    None if there is nothing to watch: no visits, or all of them in one moment. Who is still inside at the end is shown
    inside. Signs after the end are left out.
    """
    shown = sorted((v for v in visits if v.left >= start), key=lambda v: (v.came, v.dot))[:MOST_VISITS]
    end = max((v.left for v in shown), default=start)
    if end <= start:
        return None
    kept = [s for s in sorted(signs, key=lambda s: s.at) if s.at <= end][:MOST_SIGNS]
    return Film(tuple(places), tuple(ways), tuple(shown), caption, start, end, tuple(kept))


def _t(seconds: float) -> float:
    return float(f"{seconds:.7g}")
