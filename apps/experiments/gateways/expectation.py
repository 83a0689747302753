"""What do sums of ways say about this very run? Nothing about times where requests wait for a thread.

The tolerance is the run's own interval, and half a per cent more for a percentile: so wide are the bins of its times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf, isfinite

from apps.experiments.base import Expected
from apps.experiments.gateways.limit import BURST_S
from apps.experiments.gateways.settings import Settings
from apps.experiments.systems.times import erlang_percentile, harmonic, slowest_percentile
from apps.simulator.statistics import WARM_UP
from apps.simulator.theory import mmc_wait

BIN = 0.006
HARDLY = 0.002  # of the mean: a wait that nobody would see
ALWAYS = ("auth_calls_share", "admitted_rps", "gateway_utilisation", "p99_ms")
FAR = 1.2  # times the limit: so far above or below it, all of it is used, or none of it is felt
LEAST, LONG = 500, 20  # requests in a run, and means of one that it lasts
NEAR = 0.02  # of the limit
SOURCES = {
    "direct": "n calls one after the other, each with the whole way: n·(R + s)",
    "aggregate-serial": "One long way, n short ones: R + n·(r + s)",
    "aggregate-parallel": "One long way, and the slowest of n services: R + r + H_n·s",
}
LITTLE = "Little's law: requests per second times the time that a thread is held, a thread"


def expected(settings: Settings, intervals: Mapping[str, float]) -> dict[str, Expected]:
    """Return theory by figure; times in ms. `intervals` are half widths by figure."""
    return {
        name: Expected(value, tolerance, source)
        for name, value, tolerance, source in known(settings, {**dict.fromkeys(ALWAYS, inf), **intervals})
        if isfinite(tolerance)
    }


def known(settings: Settings, intervals: Mapping[str, float]) -> Iterator[tuple[str, float, float, str]]:
    """Yield (figure, value, tolerance, source)."""
    if not steady(settings):
        return
    checks = settings.calls if settings.direct else 1
    if settings.stable:
        yield (
        "auth_calls_share", checks * (1 - settings.auth_cache_hit), intervals["auth_calls_share"],
        "Checks a request times the share that no cache answers",
    )  # fmt: skip
    if not settings.limited or settings.offered_rps * FAR < settings.allowed_rps:
        yield "admitted_rps", settings.offered_rps, intervals["admitted_rps"], "All that is offered"
    elif settings.offered_rps > FAR * settings.allowed_rps and drained(settings):
        source = "One store: L for all" if settings.shared else "Each gateway counts alone: k·L"
        yield "admitted_rps", settings.allowed_rps, NEAR * settings.allowed_rps, source
    else:
        return
    if settings.stable and not settings.direct:
        yield "gateway_utilisation", settings.load, intervals["gateway_utilisation"] + NEAR * settings.load, LITTLE
    if "mean_ms" in intervals and hardly_waits(settings):
        yield "mean_ms", settings.mean_s * 1e3, intervals["mean_ms"] + HARDLY * settings.mean_s * 1e3, \
            SOURCES[settings.mode]  # fmt: skip
        if settings.auth_cache_hit == 1 or settings.auth_ms == 0:
            value = p99_s(settings) * 1e3
            yield "p99_ms", value, intervals["p99_ms"] + BIN * value, SOURCES[settings.mode]


def steady(settings: Settings) -> bool:
    """Return whether the run is long beside one request, and so many get in that their mean says something."""
    enough = settings.admitted_rps * settings.duration_s >= LEAST
    return enough and settings.duration_s >= LONG * settings.mean_s


def drained(settings: Settings) -> bool:
    """Return whether the warm-up is long enough to empty buckets that are full at first."""
    return (
        settings.offered_rps - settings.allowed_rps
    ) * settings.duration_s * WARM_UP > settings.allowed_rps * BURST_S


def hardly_waits(settings: Settings) -> bool:
    """Return whether nobody waits for a thread that would be worth telling (Erlang's C, one gateway)."""
    if settings.direct:
        return True
    if not settings.stable:
        return False
    wait = mmc_wait(settings.admitted_rps / settings.gateways, settings.held_s, settings.threads)
    return wait < HARDLY * settings.mean_s


def p99_s(settings: Settings) -> float:
    """Return the slowest hundredth in seconds, where the services alone vary."""
    own = settings.service_ms / 1e3
    varied = slowest_percentile(0.99, settings.calls, own) if settings.parallel else \
        erlang_percentile(0.99, settings.calls, own)  # fmt: skip
    usual = harmonic(settings.calls) * own if settings.parallel else settings.calls * own
    return settings.mean_s - usual + varied
