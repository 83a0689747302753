"""What must a learner know before believing the figures of a queueing run?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from apps.experiments.queues.settings import BURST, Settings
from apps.simulator.run import StationReport
from apps.simulator.streams import Floats

ROUGH = 0.1  # of the mean: an interval wider than that


def caveats(settings: Settings, station: StationReport, log: Floats) -> Iterator[str]:
    """Yield one or two sentences for each thing worth knowing."""
    if not settings.stable:
        yield unstable(settings, log)
    elif station.wait.half_width > ROUGH * max(station.wait.value, 1e-12):
        share = station.wait.half_width / max(station.wait.value, 1e-12)
        yield (
            f"The mean wait is known within {share * 100:.0f} % only: near the limit neighbouring requests meet the "
            "same line, and many are needed. More requests narrow the interval by the square root."
        )
    if settings.service == "pareto":
        yield "Service times have a heavy tail. The longest of them come so seldom that the interval is too narrow."
    if settings.arrivals == "on-off":
        yield (
            f"Requests come in bursts that last {BURST} service times, with a pause as long after each. While a burst "
            "lasts they come twice as fast as on average. Theory has no simple formula for that."
        )


def unstable(settings: Settings, log: Floats) -> str:
    """Return by how much the line grows each second, and that nothing here is a steady state."""
    grows = settings.rate * (1 - 1 / settings.utilisation)
    length = f"{float(np.max(log[:, 4])):,.0f} s"
    return (
        f"Unstable: more comes than the servers can do. The line grows by {grows:,.3g} requests a second for as "
        f"long as it lasts, here {length}; every figure of a wait says how long the run was, and nothing else."
    )
