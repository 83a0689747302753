"""What does theory say about this very run? The scalability law, a closed queue, and what piles up while one boots."""

from __future__ import annotations

from collections.abc import Mapping

from apps.experiments.base import Expected
from apps.experiments.scaling import law
from apps.experiments.scaling.fleet import PERIOD_S
from apps.experiments.scaling.settings import Settings
from apps.simulator.statistics import Estimate

LAW = "Universal scalability law: N / (1 + σ(N−1) + κN(N−1))"
CLOSED = "Closed queue with one lock: mean value analysis"
PILE = "Requests over capacity per second, times the wait for the controller and the boot"
SHARE = 0.15  # tolerance of the pile: chance in both the load and the controller's view of it


def expected_of_law(settings: Settings, found: Mapping[str, Estimate]) -> dict[str, Expected]:
    """Return theory by figure for workers. The tolerance is the run's own interval.

    Workers who wait for nobody are faster than the law, which is then fitted, not true: only their speed is known.
    """
    size, sigma, kappa = settings.servers, settings.sigma, settings.kappa
    if settings.pace == "free":
        exact = law.closed_queue(size, 1 - sigma, sigma + kappa * (size - 1))
        return _both(exact, size, found, CLOSED)
    theory = _both(law.speedup(size, sigma, kappa), size, found, LAW)
    theory["fitted_sigma"] = Expected(sigma, found["fitted_sigma"].half_width, "As set")
    theory["fitted_kappa"] = Expected(kappa, found["fitted_kappa"].half_width, "As set")
    if "peak_servers" in found:
        top = law.peak(sigma, kappa)
        height = law.speedup(top, sigma, kappa)
        theory["peak_servers"] = Expected(top, found["peak_servers"].half_width, "√((1−σ)/κ)")
        theory["peak_speedup"] = Expected(height, found["peak_speedup"].half_width, LAW)
    if "limit" in found and sigma > 0:
        theory["limit"] = Expected(law.amdahl_limit(sigma), found["limit"].half_width, "Amdahl: 1/σ")
    return theory


def _both(speed: float, size: int, found: Mapping[str, Estimate], source: str) -> dict[str, Expected]:
    return {
        "speedup": Expected(speed, found["speedup"].half_width, source),
        "efficiency": Expected(speed / size, found["efficiency"].half_width, f"{source}, over N"),
    }


def expected_of_fleet(settings: Settings, ready: int) -> dict[str, Expected]:
    """Return theory by figure for a fleet with `ready` servers when a spike begins.

    Only for a spike that the first order ends: the controller sees full servers, so it can ask for one over its target
    times as many at once and no more; if those do not do, it has to wait for a boot to see the next step.
    """
    over = settings.peak_rps - ready * settings.server_rps
    ordered = min(settings.max_servers, int(-(-ready // settings.target_utilisation)))
    if settings.load != "spike" or over <= 0 or ordered * settings.server_rps <= 1.02 * settings.peak_rps:
        return {}
    pile = over * (PERIOD_S + settings.boot_s)
    return {"peak_queue": Expected(pile, SHARE * pile + 2 * (settings.peak_rps * PERIOD_S) ** 0.5, PILE)}
