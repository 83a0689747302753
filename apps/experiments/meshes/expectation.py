"""What does theory say about this very run? Products, sums and Little's law; nothing where they do not hold.

The tolerance is the run's own interval, and half a per cent more for a percentile: so wide are the bins of its times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf, sqrt

from apps.experiments.base import Expected
from apps.experiments.meshes import theory
from apps.experiments.meshes.settings import Settings
from apps.experiments.systems import times as times_of

BIN = 0.006
FEW = 50_000  # requests: in fewer, a line or two make the slowest hundredth
LEAST, LONG = 200, 20  # requests that count in a run, and means of one that it lasts
NEVER = 1e-6  # a chance that no run meets
PRODUCT = "Product of the availabilities"
TRIES = "Tries of independent calls, from the last service back to the client"
SUM, SLOWEST = "Sum of the services: n·m", "The slowest of n at once: H_n·m"
JACKSON = "Queues one after the other, each as if alone (Jackson)"
LITTLE = "Little's law: requests per second times the time that a thread is held"

Known = Iterator[tuple[str, tuple[float, str]]]


def expected(settings: Settings, intervals: Mapping[str, float]) -> dict[str, Expected]:
    """Return theory by figure; times in ms. `intervals` are half widths by figure; without one nothing is told."""
    found = {}
    for name, (value, source) in known(settings):
        if name in intervals:
            extra = BIN * value if name == "p99_ms" else 0.0
            found[name] = Expected(value, intervals[name] + extra, source)
    return found


def known(settings: Settings) -> Known:
    """Yield (figure, (value, source))."""
    if not counts(settings):
        return
    tries = tries_of(settings)
    plain = settings.attempts == 1 and settings.event != "failing-service"
    yield "availability", (tries.availability, PRODUCT if plain else TRIES)
    yield "amplification", (tries.attempts[-1], TRIES)
    if settings.event == "none":
        needed = tries.availability * settings.services / sum(tries.attempts)
        yield "wasted_share", (1 - needed, "Calls in answers over all calls made")
        if settings.attempts == 1:
            yield from times(settings)


def counts(settings: Settings) -> bool:
    """Return whether calls fail only because services do: nobody waits too long, is turned away or is let off."""
    if (
        not steady(settings)
        or settings.optional
        or settings.bulkhead
        or settings.event == "slow-service"
        or not settings.stable
    ):
        return False
    if settings.threads and settings.threads < enough(settings):
        return False
    if settings.event == "failing-service":  # every try of every level is made, however long it takes
        return settings.availability == 1 and settings.deadlines == "no" and settings.servers == 0
    patient = too_late(settings) < NEVER
    return patient if settings.attempts == 1 else patient and settings.servers == 0


def steady(settings: Settings) -> bool:
    """Return whether the run is long beside one request, and so many come that their mean says something."""
    counted_s = settings.duration_s - settings.from_s
    return settings.rps * counted_s >= LEAST and counted_s >= LONG * settings.services * settings.service_s


def tries_of(settings: Settings) -> theory.Tries:
    """Return availability and calls per request in theory."""
    answers = [settings.availability] * settings.services
    if settings.event == "failing-service":
        answers[-1 if settings.event_in == "last" else 0] = 0.0
    return (theory.chained if settings.chain else theory.fanned)(answers, settings.attempts)


def times(settings: Settings) -> Known:
    """Yield mean, slowest hundredth and threads held, where nobody tries twice."""
    n, own = settings.services, settings.service_s
    if settings.servers == 0:
        mean, source = (n * own, SUM) if settings.chain else (times_of.harmonic(n) * own, SLOWEST)
        p99 = times_of.erlang_percentile(0.99, n, own) if settings.chain else times_of.slowest_percentile(0.99, n, own)
        yield "p99_ms", (p99 * 1e3, source)
        if settings.availability == 1:
            yield "threads_busy", (settings.rps * mean, LITTLE)
    elif settings.chain and not settings.threads:
        rates = [settings.rps * settings.availability**level for level in range(n)]
        mean, source = theory.stations(rates, own, settings.servers), JACKSON
        if settings.servers == 1 and settings.availability == 1 and enough_requests(settings):
            stage = own / (1 - settings.rps * own)
            yield "p99_ms", (times_of.erlang_percentile(0.99, n, stage) * 1e3, JACKSON)
    else:
        return
    yield "mean_ms", (mean * 1e3, source)


def too_late(settings: Settings) -> float:
    """Return a bound of the chance that the first try of a request takes longer than one of its callers waits.

    Where callers try again, that may come on top: half of their patience is left for it.
    """
    patience = min(settings.timeout_s, settings.client_timeout_s) / (2 if settings.attempts > 1 else 1)
    if patience == inf:
        return 0.0
    n, own = settings.services, settings.service_s
    if not settings.chain:
        return times_of.slowest_tail(patience, n, own) if settings.servers == 0 else 1.0
    stage = theory.stations([settings.rps], own, settings.servers) if settings.servers else own
    return times_of.erlang_tail(patience, n, stage)


def enough_requests(settings: Settings) -> bool:
    """Return whether so many pass that the interval of a percentile can be trusted: neighbours meet the same line."""
    return settings.rps * settings.duration_s >= FEW


def enough(settings: Settings) -> float:
    """Return threads with which hardly anybody waits for one: Little's law and six standard deviations."""
    held = settings.rps * settings.service_s * settings.services
    return held + 6 * sqrt(held) + 1
