"""When do requests come? Absolute times in seconds, a block at a time, from one of five patterns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Protocol

import numpy as np

from apps.simulator.streams import Fill, Floats


class Arrivals(Protocol):
    """A pattern of arrivals. `rate` is its mean in requests per second."""

    @property
    def rate(self) -> float: ...
    def times(self, random: np.random.Generator) -> Fill: ...


def _summed(gaps: Callable[[int], Floats]) -> Fill:
    """Return blocks of times from blocks of gaps."""
    last = 0.0

    def fill(count: int) -> Floats:
        nonlocal last
        times = last + np.cumsum(gaps(count))
        last = float(times[-1])
        return times

    return fill


@dataclass(frozen=True, slots=True)
class Poisson:
    """Independent requests of many people: the time to the next one is exponential."""

    rate: float

    def times(self, random: np.random.Generator) -> Fill:
        """Return a source of arrival times."""
        return _summed(lambda count: random.standard_exponential(count) / self.rate)


@dataclass(frozen=True, slots=True)
class Even:
    """One request after the other at equal distances."""

    rate: float

    def times(self, random: np.random.Generator) -> Fill:
        """Return a source of arrival times."""
        return _summed(lambda count: np.full(count, 1 / self.rate))


@dataclass(frozen=True, slots=True)
class OnOff:
    """Bursts: Poisson arrivals while the source is on, none while it is off. `rate` is the mean over both."""

    rate: float
    on_s: float
    off_s: float

    def times(self, random: np.random.Generator) -> Fill:
        """Return a source of arrival times: those of a source that is always on, with the pauses put in."""
        cycle = self.on_s + self.off_s
        while_on = self.rate * cycle / self.on_s
        always_on = _summed(lambda count: random.standard_exponential(count) / while_on)

        def fill(count: int) -> Floats:
            times = always_on(count)
            return times + np.floor(times / self.on_s) * self.off_s

        return fill


@dataclass(frozen=True, slots=True)
class Spike:
    """Poisson arrivals whose rate is `factor` times as high from `begin_s` to `end_s`."""

    rate: float
    factor: float
    begin_s: float
    end_s: float

    def times(self, random: np.random.Generator) -> Fill:
        """Return a source of arrival times: those of an even rate, on a clock that runs faster in the spike."""
        even = _summed(lambda count: random.standard_exponential(count) / self.rate)
        begin, length = self.begin_s, self.end_s - self.begin_s
        after = begin + length * self.factor  # the even clock when the spike ends

        def fill(count: int) -> Floats:
            times = even(count)
            far = max(after, float(times[-1])) + 1.0
            moments = np.interp(times, [0.0, begin, after, far], [0.0, begin, self.end_s, self.end_s + far - after])
            return np.asarray(moments, dtype=np.float64)

        return fill


@dataclass(frozen=True, slots=True)
class Trace:
    """Arrivals at given moments, in rising order; after the last there are none."""

    moments: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Return the mean rate over the length of the trace."""
        return len(self.moments) / self.moments[-1]

    def times(self, random: np.random.Generator) -> Fill:
        """Return a source of arrival times; infinity once the trace is over."""
        at = 0

        def fill(count: int) -> Floats:
            nonlocal at
            part = np.asarray(self.moments[at : at + count])
            at += count
            return np.concatenate([part, np.full(count - len(part), inf)])

        return fill
