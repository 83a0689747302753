"""What does the simulator say of a queue, figure by figure?"""

from __future__ import annotations

from math import isfinite

from apps.simulator.run import StationReport


def figures(station: StationReport) -> dict[str, float]:
    """Return the figures of a run; times in ms."""
    return {
        "mean_wait_ms": station.wait.value * 1e3,
        "p99_wait_ms": station.wait_percentile(0.99).value * 1e3,
        "mean_response_ms": station.response.value * 1e3,
        "mean_queue": station.queue.value,
        "utilisation": station.utilisation.value,
        "interval_ms": station.wait.half_width * 1e3,
    }


def intervals(station: StationReport) -> dict[str, float]:
    """Return half of the 95 % interval of each figure that is an estimate, in its unit; none where it has no end."""
    found = {
        "mean_wait_ms": station.wait.half_width * 1e3,
        "p99_wait_ms": station.wait_percentile(0.99).half_width * 1e3,
        "mean_response_ms": station.response.half_width * 1e3,
        "mean_queue": station.queue.half_width,
        "utilisation": station.utilisation.half_width,
    }
    return {name: half for name, half in found.items() if isfinite(half)}
