"""What does theory say about a load-balancing run? Nothing where something happens, or where nobody has an answer.

The tolerance is the run's own interval; where the theory is one of very many servers, what few of them add is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np

from apps.experiments.balancers import theory
from apps.experiments.balancers.settings import BY_CLIENT, NAME, Settings
from apps.experiments.balancers.shares import shares, stable
from apps.experiments.balancers.steady import FEW_FOR_P99, steady
from apps.experiments.base import Expected
from apps.simulator.calls.report import Report
from apps.simulator.hashing.spread import largest
from apps.simulator.theory import mm1k_refused, mmc_wait

SPLIT = "M/G/1 at each server: random arrivals, dealt without looking"
ASYMPTOTIC = "Supermarket model, exact for endlessly many servers: {} take up to {:.2g} % longer"
MANY = 50  # servers from which on the model of endlessly many says anything
CLOSE = 0.06  # what few servers may add, as a share of the mean


@dataclass(frozen=True, slots=True)
class Response:
    """The mean response and the slowest hundredth (or None), in seconds, and where they come from."""

    mean: float
    p99: float | None
    source: str
    rough: float = 0.0  # how much more it may be, as a share of the mean


def expected(settings: Settings, report: Report) -> dict[str, Expected]:
    """Return theory by figure; times in ms."""
    if settings.event != "none":
        return {}
    if settings.queue_limit:
        return refused(settings, report) if steady(settings) else {}
    if not stable(settings):
        return {}
    found = {}
    if len(set(settings.speeds)) == 1:
        busy = report.services[NAME].utilisation.half_width
        found["utilisation"] = Expected(settings.utilisation, busy, "Arrivals per second times mean service, a server")
    if settings.algorithm == "random":
        share = largest(settings.servers, min(report.requests, len(report.visits)) / settings.servers)
        tolerance = max(share.high - share.mean, share.mean - share.low)
        found["max_over_mean_load"] = Expected(share.mean, tolerance, "The fullest of n shares dealt at random")
    if in_turn(settings):
        found["max_over_mean_load"] = Expected(1.0, 2 * settings.servers / len(report.visits), "Each has its turn")
    if steady(settings) and (known := response(settings)) is not None:
        tolerance = report.latency.half_width + known.rough * known.mean
        found["mean_ms"] = Expected(known.mean * 1e3, tolerance * 1e3, known.source)
        if known.p99 is not None and settings.requests >= FEW_FOR_P99:
            found["p99_ms"] = Expected(known.p99 * 1e3, report.latency_percentile(0.99).half_width * 1e3, known.source)
    return {name: each for name, each in found.items() if isfinite(each.tolerance)}


def refused(settings: Settings, report: Report) -> dict[str, Expected]:
    """Return which share finds the line full, if requests are dealt at random to exponential servers."""
    if settings.algorithm not in ("random", *BY_CLIENT) or settings.service != "exponential":
        return {}
    dealt = shares(settings)
    assert dealt is not None  # noqa: S101  (for the type checker)
    loads = settings.rate * settings.service_s * dealt / np.asarray(settings.speeds)
    lost = sum(
        share * mm1k_refused(load, settings.queue_limit + 1)
        for share, load in zip(dealt.tolist(), loads.tolist(), strict=True)
    )
    return {
        "dropped": Expected(lost, report.error_rate.half_width, "M/M/1/K at each server: the share that finds it full")
    }


def in_turn(settings: Settings) -> bool:
    """Return whether each server gets every n-th request."""
    equal = not settings.slow_servers or settings.slow_factor == 1
    return settings.algorithm == "round-robin" or (settings.algorithm == "weighted" and equal)


def response(settings: Settings) -> Response | None:
    """Return what is known of the response time, or None."""
    exponential, equal = settings.service == "exponential", len(set(settings.speeds)) == 1
    if settings.algorithm in ("random", *BY_CLIENT):
        dealt = shares(settings)
        assert dealt is not None  # noqa: S101  (for the type checker)
        means = [settings.service_s / speed for speed in settings.speeds]
        mean = theory.split_response(settings.rate, dealt.tolist(), means, settings.law().scv)
        p99 = theory.split_p99(settings.rate, dealt.tolist(), means) if exponential else None
        return Response(mean, p99, SPLIT)
    if not exponential or not equal:
        return None
    own_s = settings.service_s / settings.speeds[0]
    if in_turn(settings):
        mean = theory.in_turn_response(settings.utilisation, settings.servers, own_s)
        return Response(
            mean, theory.P99 * mean, f"E{settings.servers}/M/1: each server gets every n-th of all arrivals"
        )
    rough = (0.1 + 0.25 / (1 - settings.utilisation)) / settings.servers  # fitted to runs of 10 to 128 servers
    if settings.algorithm == "two-choices" and settings.servers >= MANY and rough <= CLOSE:
        source = ASYMPTOTIC.format(settings.servers, rough * 100)
        return Response(theory.two_choices_response(settings.utilisation, own_s), None, source, rough)
    return None


def bounds(settings: Settings) -> tuple[float, float] | None:
    """Return the mean responses in seconds of one common line (M/M/n), which no balancer beats, and of random dealing
    (M/M/1 each); None unless servers are equal and exponential."""
    plain = settings.service == "exponential" and len(set(settings.speeds)) == 1 and settings.utilisation < 1
    if not plain or settings.event != "none" or settings.queue_limit:
        return None
    own_s = settings.service_s / settings.speeds[0]
    return mmc_wait(settings.rate, own_s, settings.servers) + own_s, own_s / (1 - settings.utilisation)
