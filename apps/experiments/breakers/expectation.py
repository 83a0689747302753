"""What does theory say about this very run? Little's law for threads, and what can be answered while one fails."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from apps.experiments.base import Expected
from apps.experiments.breakers.settings import Settings
from apps.simulator.statistics import Estimate

HELD = "Little's law: requests per second times the time that each holds a thread, up to its timeout"
FULL = "All threads: Little's law asks for more than there are"
LEFT = "Requests that do not need the dependency, and those of the others that it still answers"


def expected(settings: Settings, found: Mapping[str, Estimate]) -> dict[str, Expected]:
    """Return theory by figure. With a breaker only what it cannot change: who needs a dead dependency fails.

    Nothing for a failure so short that the run has no interval for it.
    """
    theory = {}
    wanted, threads = settings.wanted_threads, settings.threads
    if settings.breaker == "off" and not 0.85 < wanted / threads < 1.15:
        held, source = (wanted, HELD) if wanted < threads else (float(threads), FULL)
        # A fast answer cut off by chance, and the first moments of a full house, are within a hundredth.
        tolerance = max(found["threads_held"].half_width, 0.01 * held)
        theory["threads_held"] = Expected(held, tolerance, source)
    if wanted < 0.85 * threads and settings.patience_s > 1.25 * settings.timeout_ms / 1e3 + settings.work_ms / 50:
        lost = 0.0 if settings.fallback == "yes" else settings.needs_share * settings.lost
        if settings.breaker == "off" or settings.failure in ("none", "down") or settings.fallback == "yes":
            left = settings.offered_rps * (1 - lost)
            theory["goodput_during"] = Expected(left, found["goodput_during"].half_width, LEFT)
    return {name: each for name, each in theory.items() if isfinite(each.tolerance)}
