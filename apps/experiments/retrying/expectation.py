"""What does theory say about this very run? Sums over attempts for a load, the published table for contention."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from apps.experiments.base import Expected
from apps.experiments.retrying import theory
from apps.experiments.retrying.settings import HOP_S, Settings
from apps.simulator.statistics import Estimate

SUM = "(1 − f^n) / (1 − f) attempts a call, for each layer that tries again"
ALL = "All fail: attempts to the power of the layers"
BOUND = "1 + budget, for each layer"
LOST = "f to the power of all attempts"
AWS = "The published experiment (AWS, 2015), run a hundred times"
LEAST = "All clients, one after another through the server"

# labs.md 1.14: calls and completion in ms, by (backoff, jitter) and clients; base 5 ms, cap 2 s.
PUBLISHED = {
    ("none", "none"): {50: (690, 1_138), 100: (2_426, 2_031), 190: (7_997, 3_531)},
    ("exponential", "none"): {50: (623, 36_033), 100: (1_846, 63_309), 190: (5_150, 101_380)},
    ("exponential", "equal"): {50: (347, 4_278), 100: (813, 6_540), 190: (1_761, 9_360)},
    ("exponential", "full"): {50: (332, 2_914), 100: (796, 4_909), 190: (1_772, 7_426)},
    ("exponential", "decorrelated"): {50: (373, 2_195), 100: (999, 4_780), 190: (2_430, 7_893)},
}
OF_CALLS, OF_TIME = 0.03, 0.08


def expected_of_load(settings: Settings, found: Mapping[str, Estimate]) -> dict[str, Expected]:
    """Return theory by figure; nothing while the server has too much to do, or retries never settle in the trigger."""
    failing = {"none": 0.0, "failures": settings.failure_share, "outage": 1.0}[settings.trigger]
    calls, source = amplified(settings, failing)
    if calls is None or settings.settles_s() > settings.event_s / 2:
        return {}
    if settings.trigger != "outage" and calls * settings.offered_rps > 0.8 * settings.capacity_rps:
        return {}
    expected = {"amplification": Expected(calls, found["amplification"].half_width, source)}
    after = found["goodput_after"].half_width
    expected["goodput_after"] = Expected(settings.offered_rps, after, "All requests, once nothing fails")
    if settings.budget == 0 and 0 < failing < 1:
        lost = theory.failed_share(failing, settings.attempts, settings.depth)
        expected["failed_share"] = Expected(lost, found["failed_share"].half_width, LOST)
    return {name: each for name, each in expected.items() if isfinite(each.tolerance)}


def amplified(settings: Settings, failing: float) -> tuple[float | None, str]:
    """Return calls at the server per request and their source; None where theory does not know."""
    attempts, depth = settings.attempts, settings.depth
    if settings.budget == 0 or failing == 0:
        return theory.amplification(failing, attempts, depth), ALL if failing >= 1 else SUM
    if depth > 1 and failing < 1:
        return None, ""
    bounded = theory.within_budget(failing, attempts, settings.budget)
    return (None, "") if bounded is None else (bounded**depth, BOUND)


def expected_of_contention(settings: Settings, calls: Estimate, completion_ms: Estimate) -> dict[str, Expected]:
    """Return the published figures where these are the published settings. Tolerance: theirs, and the run's own."""
    row = PUBLISHED.get((settings.backoff, settings.spread), {}).get(settings.clients)
    if row is None or (settings.base_ms, settings.cap_ms) != (5.0, 2_000.0):
        return {}
    return {
        "calls": Expected(row[0], max(OF_CALLS * row[0], calls.half_width), AWS),
        "completion_ms": Expected(row[1], max(OF_TIME * row[1], completion_ms.half_width), AWS),
    }


def expected_of_reconnect(settings: Settings, found: Mapping[str, float]) -> dict[str, Expected]:
    """Return the shortest time in which a server that never rests serves a crowd; only where it is nearly reached."""
    least = settings.clients / settings.capacity_rps + 2 * HOP_S
    if settings.backoff != "none" or not found["recovered"]:
        return {}
    chance = 3 * settings.clients**0.5 / settings.capacity_rps
    return {"completion_ms": Expected(least * 1e3, (chance + 0.05 * least) * 1e3, LEAST)}
