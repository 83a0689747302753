"""What does theory say about this very run? How long a backlog lasts, and whether retries can keep it alive.

While nothing is served, λ·D requests pile up in D seconds. Without retries μ − λ of them go each second, the oldest
first. Who comes when μ·τ are left waits just as long as the timeout τ, and is the first to be answered in time.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, sqrt

from apps.experiments.base import Expected
from apps.experiments.metastability.settings import SLOW, SPIKE, Settings
from apps.simulator.statistics import Estimate

BACK = "What piled up: (Q − μτ)/(μ − λ) after the trigger, and the timeout τ until the first of them is answered"
DEAD = "λ × attempts is over the capacity: the line is always longer than the timeout, and all work is for nobody"
ALIVE = "λ × attempts is under the capacity: every line ends, and then all that is asked for is answered"
FRESH = "The newest first, or expired work dropped: no time is spent on requests whose client has left"
ALL = "Every request makes all its attempts, in the long run no more than the budget allows"
STEPS_S = 1.0  # the first good second is sought in steps of half a second


def expected(settings: Settings, found: Mapping[str, Estimate]) -> dict[str, Expected]:
    """Return theory by figure. Nothing where the server could not serve the load even once, or fails on its own."""
    if settings.offered_rps >= settings.capacity_rps or settings.trigger == "none" or settings.failing > 0:
        return {}
    theory, noise, source = {}, found["goodput_after"].half_width, fate(settings)
    if (back := back_after_s(settings)) is not None:
        spread = 3 * sqrt(settings.offered_rps * settings.outage_s) / (settings.capacity_rps - settings.offered_rps)
        theory["recovered_after_s"] = Expected(back, spread + STEPS_S, BACK)
    if source == DEAD:
        theory["goodput_after"] = Expected(0.0, noise, DEAD)
        theory["recovered"] = Expected(0.0, 0.0, DEAD)
        theory["amplification"] = Expected(settings.most_attempts, found["amplification"].half_width, ALL)
    elif source:
        theory["goodput_after"] = Expected(settings.offered_rps, noise, source)
        theory["recovered"] = Expected(1.0, 0.0, source)
    return {name: each for name, each in theory.items() if name in found and isfinite(each.tolerance)}


def fate(settings: Settings) -> str | None:
    """Return why the system is dead or well in the end; None where it is near the border, or the run ends too soon."""
    if settings.worst_load <= 0.95:
        spare = settings.capacity_rps * (1 - settings.worst_load)
        drained = settings.attempts * piled(settings) / spare + settings.timeout_s
        return ALIVE if settings.ends_at_s + drained < settings.after_s else None
    long_after = settings.after_s - settings.ends_at_s > settings.attempts * (
        settings.timeout_s + settings.cap_ms / 1e3
    )
    if not long_after:
        return None
    if settings.order == "lifo" or settings.drops_expired == "yes":
        return FRESH
    pushed = piled(settings) > 1.5 * settings.capacity_rps * settings.timeout_s
    return DEAD if pushed and settings.worst_load > 1.05 else None


def piled(settings: Settings) -> float:
    """Return how many requests the trigger leaves in line, first calls only."""
    rate, capacity = settings.offered_rps, settings.capacity_rps
    over = {"outage": rate, "slow": rate - SLOW * capacity, "spike": SPIKE * rate - capacity}
    return max(0.0, over.get(settings.trigger, 0.0) * settings.outage_s)


def back_after_s(settings: Settings) -> float | None:
    """Return when goodput is back after the trigger, in seconds, for a plain line without retries; else None."""
    if settings.order != "fifo" or settings.drops_expired == "yes" or settings.attempts > 1:
        return None
    late = piled(settings) - settings.capacity_rps * settings.timeout_s
    return late / (settings.capacity_rps - settings.offered_rps) + settings.timeout_s if late > 0 else None
