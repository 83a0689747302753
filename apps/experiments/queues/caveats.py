"""What must a learner know before believing the figures of a queueing run?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from apps.experiments.openloop import late_ms
from apps.experiments.queues.expectation import approximate_wait_s
from apps.experiments.queues.real import Measured
from apps.experiments.queues.settings import BURST, SERVERS, Settings
from apps.simulator.run import StationReport
from apps.simulator.streams import Floats

ROUGH = 0.1  # of the mean: an interval wider than that


def caveats(settings: Settings, station: StationReport, log: Floats) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing."""
    if not settings.stable:
        yield unstable(settings, float(np.max(log[:, 4])))
    elif station.wait.half_width > ROUGH * max(station.wait.value, 1e-12):
        share = station.wait.half_width / max(station.wait.value, 1e-12)
        yield (
            f"The mean wait is known within {share * 100:.0f} % only: near the limit neighbouring requests meet the "
            "same line, and many are needed. More requests narrow the interval by the square root."
        )
    yield from _about_the_laws(settings)


def caveats_of_measured(settings: Settings, measured: Measured, service_s: float) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing about a measured run."""
    name = SERVERS[settings.engine]
    if not settings.stable:
        yield unstable(settings, settings.duration_s)
    elif (asked := settings.rate * service_s / settings.servers) >= 1:
        yield (
            f"Unstable: services took so much longer than told that the requests asked for {asked * 100:.0f} % of the "
            "servers' time. The line grows for as long as the run lasts. Use a lower utilisation."
        )
    if left := measured.came - len(measured.due):
        yield f"{left:,} requests were still in line when the run ended. The figures are of those that were served."
    if measured.late:
        yield (
            f"The load generator was late: one request in a hundred began {late_ms(measured.slip):.1f} ms or more "
            "after its time, with a server free. The machine was busy, and the waits are partly its own."
        )
    if settings.engine == "postgres" and settings.service != "deterministic":
        yield f"{name} sleeps whole milliseconds, rounded up: each service is half a millisecond longer on average."
    yield from _about_the_laws(settings)


def _about_the_laws(settings: Settings) -> Iterator[str]:
    if (roughly := approximate_wait_s(settings)) is not None:
        yield (
            "No formula gives this mean wait exactly. Kingman's approximation, good near the limit and high far from "
            f"it, says {roughly * 1e3:.3g} ms."
        )
    if settings.service == "pareto":
        yield "Service times have a heavy tail. The longest of them come so seldom that the interval is too narrow."
    if settings.arrivals == "on-off":
        yield (
            f"Requests come in bursts that last {BURST} service times, with a pause as long after each. While a burst "
            "lasts they come twice as fast as on average. Theory has no simple formula for that."
        )


def unstable(settings: Settings, length_s: float) -> str:
    """Return by how much the line grows each second, and that nothing here is a steady state."""
    return (
        f"Unstable: more comes than the servers can do. The line grows by {settings.grows_per_s:,.3g} requests a "
        f"second for as long as it lasts, here {length_s:,.0f} s; every figure of a wait says how long the run was, "
        "and nothing else."
    )
