"""What does theory say about this very quorum run? Nothing where it has no answer.

The tolerance is the run's own interval, and what other writes to the same object may add: theory knows of one only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf

import numpy as np

from apps.experiments.base import Expected
from apps.experiments.quorums.settings import FAR_CLIENTS, Settings
from apps.simulator.quorums import theory
from apps.simulator.statistics import Estimate

ALWAYS = "R + W > N: every R copies share one with every W"
PBS = "PBS: C(N−W, R) / C(N, R) · e^(−R·t/m)"
WARS = "PBS, 100,000 single writes drawn from the laws of the four messages (WARS)"
MISSED = "C(N−W, R) / C(N, R): no copy asked is one written to"
ORDER = "Order statistics: binomial chance that enough of N independent round trips are over"
SIDES = "Share of the clients whose side of the cut has enough copies"
MONTE_CARLO = 0.0032  # two standard errors of a share of one half
CROWDED = 0.2  # other writes on the way: from here on theory of one write says little
MANY_VERSIONS = 50  # of an object, for a history that has no beginning
PATIENT = 20  # timeouts worth ignoring are so many times the mean of a round trip


def expected(settings: Settings, found: Mapping[str, Estimate]) -> dict[str, Expected]:
    """Return theory by figure; times in ms."""
    theories = {name: each for name, each in _all(settings) if name in found and found[name].half_width < inf}
    return {
        name: Expected(value, found[name].half_width * known + more, source)
        for name, (value, known, more, source) in theories.items()
    }


Theory = tuple[float, float, float, str]  # value, 1 if the run's interval is added, further tolerance, source


def _all(settings: Settings) -> Iterator[tuple[str, Theory]]:
    yield from _staleness(settings)
    if settings.partition == "none" and settings.delay == "exponential" and settings.send_to == "all":
        yield from _latencies(settings)
    if settings.partition != "none" and settings.send_to == "all" and patient(settings):
        yield "availability_during", (_available(settings), 1.0, 0.0, SIDES)


def _staleness(settings: Settings) -> Iterator[tuple[str, Theory]]:
    if settings.overlap:
        for name in ("stale_fraction", "k_staleness", "stale_during"):
            yield name, (0.0, 0.0, 0.0, ALWAYS)
    elif (
        settings.partition == "none"
        and settings.repair == "no"
        and settings.crowding < CROWDED
        and patient(settings)  # else writes that fail, but are on some copies, are read
    ):
        quorum = settings.n, settings.r, settings.w
        if settings.send_to == "all":
            yield "stale_fraction", _after_a_while(settings)
        elif settings.rate * settings.duration_s >= MANY_VERSIONS * settings.objects:
            more = settings.crowding
            yield "stale_fraction", (theory.missed(*quorum), 1.0, more, MISSED)
            yield "k_staleness", (theory.mean_behind(*quorum), 1.0, more * theory.mean_behind(*quorum), MISSED)


def _after_a_while(settings: Settings) -> Theory:
    if exact(settings):
        return stale_after(settings, settings.read_after_ms), 1.0, settings.crowding, PBS
    chance = theory.monte_carlo(settings.store(), np.array([settings.read_after_ms / 1e3]))
    return float(chance[0]), 1.0, settings.crowding + MONTE_CARLO, WARS


def exact(settings: Settings) -> bool:
    """Return whether the formula of PBS is exact: only writes take time, and an exponential one."""
    return settings.delay == "exponential" and settings.ack_ms == settings.read_ms == 0


def stale_after(settings: Settings, time_ms: float) -> float:
    """Return the chance of a stale read so long after the acknowledgement, if reads and acknowledgements take none."""
    return theory.stale_after(settings.n, settings.r, settings.w, settings.write_delay_ms, time_ms)


def _latencies(settings: Settings) -> Iterator[tuple[str, Theory]]:
    read, write = (settings.read_ms, settings.read_ms), (settings.write_delay_ms, settings.ack_ms)
    for name, answers, (out, back) in (("read", settings.r, read), ("write", settings.w, write)):
        if settings.timeout_ms >= PATIENT * (out + back):
            for share in (50, 99):
                value = theory.answers_percentile(settings.n, answers, out, back, share / 100)
                yield f"{name}_p{share}_ms", (value, 1.0, 0.0, ORDER)


def patient(settings: Settings) -> bool:
    """Return whether the timeout is so long beside a round trip that hardly any read or write fails by it."""
    slowest = max(settings.write_delay_ms + settings.ack_ms, 2 * settings.read_ms)
    return settings.timeout_ms >= PATIENT * slowest


def _available(settings: Settings) -> float:
    """Return the share of reads and writes that can be done while the partition lasts."""
    far, sizes = FAR_CLIENTS[settings.side], (settings.n - settings.cut_off, settings.cut_off)
    shares = [(1 - far) * (sizes[0] >= count) + far * (sizes[1] >= count) for count in (settings.r, settings.w)]
    return sum(shares) / 2
