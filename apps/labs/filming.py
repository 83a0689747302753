"""How does a film get onto a page? As JSON for the player, and as a table of its events for who does not watch it."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

MOST_ROWS = 120
WORDS = {"ok": "answered", "late": "too late", "timeout": "timed out"}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the table: when, at which place, and what happened there."""

    at: str
    place: str
    told: str


@dataclass(frozen=True)
class FilmTold:
    """A stored film (`Film.as_json()`) as its template shows it."""

    film: dict[str, Any]

    @property
    def caption(self) -> str:
        """Which part of the run is shown."""
        return self.film["caption"]

    @property
    def json(self) -> str:
        """The film for the player, as text that may stand in a script element."""
        return json.dumps(self.film, separators=(",", ":")).replace("<", "\\u003c")

    @property
    def places(self) -> str:
        """The places in the order in which they are declared: "Client, Server 1"."""
        return ", ".join(label for label, *_ in self.film["places"])

    @cached_property
    def events(self) -> list[Event]:
        """The first visits and signs, in the order of time."""
        told = [(visit[2], visit[1], self._visit(*visit)) for visit in self.film["visits"]]
        told += [(at, place, text) for at, place, text, _ in self.film["signs"]]
        told.sort(key=lambda each: each[0])
        labels = [label for label, *_ in self.film["places"]]
        return [Event(self._time(at), labels[place], text) for at, place, text in told[:MOST_ROWS]]

    @property
    def left_out(self) -> int:
        """How many events the table leaves out."""
        return len(self.film["visits"]) + len(self.film["signs"]) - len(self.events)

    @property
    def unit(self) -> str:
        """The unit of the table's times."""
        return "ms" if self._length < 10 else "s"

    @property
    def _length(self) -> float:
        return self.film["end"] - self.film["start"]

    def _visit(self, dot: int, place: int, came: float, began: float, left: float, fate: str) -> str:
        inside = f"{self._time(left - began)} inside"
        waits = f"{self._time(began - came)} in line, " if began > came else ""
        return f"Request {dot + 1}: {waits}{inside}, {WORDS.get(fate, fate)}"

    def _time(self, seconds: float) -> str:
        """Return a time in the table's unit, to a thousandth of the film's length at least."""
        length, value = (self._length * 1e3, seconds * 1e3) if self.unit == "ms" else (self._length, seconds)
        digits = 0 if length >= 1_000 else 1 if length >= 100 else 2 if length >= 10 else 3
        return f"{value:,.{digits}f}\u00a0{self.unit}"
