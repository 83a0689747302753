"""What does the simulator make of the same requests, and what if its services are as long as the measured ones?

The first is the model: a line before servers that are exactly as fast as told, and that are there at once. The second
differs from reality only in what lies between two services.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from apps.experiments.queues.real import Measured
from apps.experiments.queues.settings import NAME, Settings
from apps.simulator.arrivals import Trace
from apps.simulator.network import Network, Station
from apps.simulator.run import simulate
from apps.simulator.statistics import WARM_UP
from apps.simulator.streams import Floats


class AsMeasured:
    """Service times one after the other, as they were measured."""

    def __init__(self, services: Floats) -> None:
        self._services, self._at = services, 0
        self.mean = float(services.mean())
        self.scv = float(services.var()) / self.mean**2

    def draw(self, random: np.random.Generator, count: int) -> Floats:
        """Return the next services in seconds; none after the last, when nobody comes any more."""
        part = self._services[self._at : self._at + count]
        self._at += count
        return np.concatenate([part, np.zeros(count - len(part))])


def model_log(settings: Settings, seed: int, customers: int) -> Floats:
    """Return the log of so many requests in the model, in the order in which they came."""
    return _by_arrival(simulate(settings.network(), customers=customers, seed=seed, visits=customers).log)


def log_as_measured(settings: Settings, measured: Measured) -> Floats:
    """Return the log of the same requests, each served for as long as it was, at servers that lose no time between."""
    services = AsMeasured(measured.ended - measured.begun)
    network = Network(
        {NAME: Station(services, settings.servers, settings.discipline)},
        {NAME: Trace(tuple(measured.due.tolist()))},
    )
    return _by_arrival(simulate(network, customers=len(measured.due), seed=0, visits=len(measured.due)).log)


def as_log(measured: Measured) -> Floats:
    """Return what was measured as the simulator would have written it."""
    number = np.arange(len(measured.due), dtype=np.float64)
    waited = measured.begun - measured.due
    return np.column_stack([number, np.zeros_like(number), measured.due, waited, measured.ended])


@dataclass(frozen=True, slots=True)
class Waits:
    """The figures of one log, its first tenth left out; seconds."""

    mean: float
    p99: float
    response: float
    service: float


def waits_of(log: Floats) -> Waits:
    """Return means and the slowest hundredth of a log in the order of arrival."""
    kept = log[int(len(log) * WARM_UP) :]
    waited, responded = kept[:, 3], kept[:, 4] - kept[:, 2]
    mean, response = float(waited.mean()), float(responded.mean())
    return Waits(mean, float(np.percentile(waited, 99)), response, response - mean)


def crowd_of(log: Floats, servers: int) -> tuple[float, float]:
    """Return the mean line and the share of the servers' time that was used, over the time in which all but the first
    tenth of the log came."""
    since, until = float(log[int(len(log) * WARM_UP), 2]), float(log[-1, 2])
    begun = log[:, 2] + log[:, 3]
    waiting, busy = _overlap(log[:, 2], begun, since, until), _overlap(begun, log[:, 4], since, until)
    return waiting / (until - since), busy / ((until - since) * servers)


def _overlap(begins: Floats, ends: Floats, since: float, until: float) -> float:
    return float(np.maximum(0.0, np.minimum(ends, until) - np.maximum(begins, since)).sum())


def _by_arrival(log: Floats) -> Floats:
    return log[log[:, 0].argsort(kind="stable")]
