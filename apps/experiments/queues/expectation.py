"""What does queueing theory say about this very run? Nothing where it has no exact answer.

The tolerance is the run's own interval: the simulation says how sure it is, and theory has to lie within.
"""

from __future__ import annotations

from math import isfinite

from apps.experiments.base import Expected
from apps.experiments.queues.settings import Settings
from apps.simulator import theory
from apps.simulator.run import StationReport

MMC = "M/M/c: Erlang's C formula"
PK = "M/G/1: Pollaczek and Khinchine"
SHARING = "Processor sharing: the mean does not depend on the law of service"
LITTLE = "Little's law: arrivals per second times the mean wait"


def expected(settings: Settings, report: StationReport) -> dict[str, Expected]:
    """Return theory by figure; times in ms. Only the utilisation is known for every stable queue.

    Nothing of a figure that the run is too short to know within an interval: any theory would hold there.
    """
    if not settings.stable:
        return {}
    found = {
        "utilisation": Expected(
            settings.utilisation, report.utilisation.half_width, "Arrivals per second times mean service time, a server"
        )
    }
    if (known := mean_wait_s(settings)) is not None:
        wait, source = known
        found["mean_wait_ms"] = Expected(wait * 1e3, report.wait.half_width * 1e3, source)
        found["mean_response_ms"] = Expected(
            (wait + settings.service_s) * 1e3, report.response.half_width * 1e3, f"Wait and service. {source}"
        )
        found["mean_queue"] = Expected(wait * settings.rate, report.queue.half_width, f"{LITTLE}. {source}")
    if settings.discipline == "fifo" and memoryless(settings):
        p99 = theory.mmc_wait_percentile(settings.rate, settings.service_s, settings.servers, 0.99)
        found["p99_wait_ms"] = Expected(p99 * 1e3, report.wait_percentile(0.99).half_width * 1e3, MMC)
    return {name: each for name, each in found.items() if isfinite(each.tolerance)}


def approximate_wait_s(settings: Settings) -> float | None:
    """Return Kingman's approximate mean wait in seconds where no exact one is known; None where one is, where bursts
    depend on each other, or where nobody waits in line."""
    if not settings.stable or mean_wait_s(settings) is not None:
        return None
    if settings.arrivals == "on-off" or settings.discipline == "ps":
        return None
    variability = 1.0 if settings.arrivals == "poisson" else 0.0
    return theory.kingman_wait(settings.rate, settings.service_s, settings.servers, variability, settings.law().scv)


def memoryless(settings: Settings) -> bool:
    """Return whether this is M/M/c."""
    return settings.arrivals == "poisson" and settings.service == "exponential"


def mean_wait_s(settings: Settings) -> tuple[float, str] | None:
    """Return the exact mean wait in seconds and its source, or None.

    Who goes first does not change the mean over all, as long as nobody knows how long a service will take.
    """
    if settings.arrivals != "poisson":
        return None
    if memoryless(settings):
        return theory.mmc_wait(settings.rate, settings.service_s, settings.servers), MMC
    if settings.servers > 1:
        return None
    if settings.discipline == "ps":
        return theory.ps_response(settings.rate, settings.service_s) - settings.service_s, SHARING
    return theory.mg1_wait(settings.rate, settings.service_s, settings.law().scv), PK
