"""What happens next? A clock, and a list of events in order of time.

The smallest thing that a model needs, and the reference for every faster way of running one. An entry of the list is
(time, running number, what to do): the number breaks ties in the order in which events were planned, so that a run
repeats exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from math import inf
from typing import Any

Do = Callable[..., None]


class Event:
    """Something planned. `cancel` it and it does not happen."""

    __slots__ = ("args", "do")

    def __init__(self, do: Do, args: tuple[Any, ...]) -> None:
        self.do: Do | None = do
        self.args = args

    def cancel(self) -> None:
        """Take the event off the list."""
        self.do = None


class Simulation:
    """A model's time. Seconds are simulated: a day passes as fast as its events can be carried out."""

    def __init__(self) -> None:
        self.now = 0.0
        self._events: list[tuple[float, int, Event]] = []
        self._planned = 0
        self._stopped = False

    def at(self, time: float, do: Do, *args: Any) -> Event:
        """Plan `do(*args)` for a time, and return the event. At `inf` it never happens."""
        event = Event(do, args)
        heappush(self._events, (time, self._planned, event))
        self._planned += 1
        return event

    def after(self, delay: float, do: Do, *args: Any) -> Event:
        """Plan `do(*args)` for so many seconds from now, and return the event."""
        return self.at(self.now + delay, do, *args)

    def stop(self) -> None:
        """End the run with the event that goes on."""
        self._stopped = True

    def run(self, until: float = inf) -> None:
        """Carry out events in order up to and including time `until`, or until one of them stops the run."""
        self._stopped = False
        while self._events and not self._stopped and (time := self._events[0][0]) <= until and time < inf:
            _, _, event = heappop(self._events)
            if event.do is not None:
                self.now = time
                event.do(*event.args)
        if until < inf and not self._stopped:
            self.now = until
