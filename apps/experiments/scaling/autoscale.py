"""What does a load do to a fleet that grows with it? Every request is simulated, and every decision."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping

import numpy as np

from apps.experiments.base import Outcome, Point, Sample
from apps.experiments.scaling.caveats import caveats_of_fleet
from apps.experiments.scaling.expectation import expected_of_fleet
from apps.experiments.scaling.film import film_of_fleet
from apps.experiments.scaling.fleet import PERIOD_S, Fleet
from apps.experiments.scaling.settings import BEGIN_S, Settings
from apps.simulator.streams import Floats

LATE_S = 1.0


def run_fleet(settings: Settings, seed: int) -> Generator[Sample, None, Outcome]:
    """Let the load come, and tell what the requests and the fleet did."""
    arrivals = settings.arrivals(seed)
    yield Sample(note=f"Simulating {len(arrivals):,} requests")
    fleet = Fleet(settings.rules, settings.first_servers, arrivals, settings.work(seed, len(arrivals)))
    fleet.run(settings.minutes * 60.0)
    steps = list(drawn(settings, fleet))
    for number, points in enumerate(steps, start=1):
        yield Sample(points=points, progress=number / len(steps))
    ready = next((each.ready for each in reversed(fleet.moments) if each.at <= BEGIN_S), settings.first_servers)
    return Outcome(
        figures=figures(settings, fleet),
        expected=expected_of_fleet(settings, ready),
        caveats=tuple(caveats_of_fleet(settings, len(fleet.waiting))),
        film=film_of_fleet(settings, fleet.served, fleet.moments),
    )


def figures(settings: Settings, fleet: Fleet) -> dict[str, float]:
    """Return the figures of a run. Who still stands in line counts with the wait so far."""
    end = settings.minutes * 60.0
    times = np.array([each.left - each.came for each in fleet.served] + [end - came for came in fleet.waiting])
    over = sum(each.utilisation > settings.target_utilisation for each in fleet.moments)
    return {
        "p99_ms": float(np.quantile(times, 0.99)) * 1e3,
        "late_share": float(np.mean(times > LATE_S)),
        "server_hours": fleet.server_seconds / 3_600,
        "peak_queue": float(fleet.peak_queue),
        "time_over_target_s": over * PERIOD_S,
    }


def drawn(settings: Settings, fleet: Fleet) -> Iterator[Mapping[str, Point]]:
    """Yield a point a period, over minutes: servers ready, paid and needed, the line, and the slowest hundredth."""
    left = np.array([each.left for each in fleet.served])
    times = np.array([each.left - each.came for each in fleet.served])
    needed = settings.rate(np.array([each.at for each in fleet.moments])) / settings.server_rps
    for moment, need in zip(fleet.moments, needed.tolist(), strict=True):
        minute = round(moment.at / 60, 4)
        first, last = np.searchsorted(left, [moment.at - PERIOD_S, moment.at])
        yield {
            "ready": (minute, float(moment.ready)),
            "paid": (minute, float(moment.ready + moment.starting)),
            "needed": (minute, round(need, 3)),
            "queue": (minute, float(moment.queue)),
            **({"p99_ms": (minute, p99_ms(times[first:last]))} if last > first else {}),
        }


def p99_ms(times: Floats) -> float:
    """Return the slowest hundredth of times in seconds, in ms to a tenth."""
    return round(float(np.quantile(times, 0.99)) * 1e3, 1)
