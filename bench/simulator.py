"""How fast is the simulator? Customers per second, beside SimPy on the same queues and chains in the same run."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import simpy

from apps.simulator.arrivals import Poisson
from apps.simulator.network import Network, Station
from apps.simulator.run import simulate
from apps.simulator.services import Exponential
from bench import systems
from bench.report import Row, against
from bench.site import ROOT

ROUNDS, OURS, THEIRS = 3, 5_000_000, 30_000
STATIONS = 10


def run() -> list[Row]:
    """Return customers/s on M/M/1, M/M/8 and ten stations beside SimPy's; what the compiler takes stands apart."""
    rows = [Row("simulator: first run after an installation", round(_compile_s(), 2), "s")]
    _warm_up()
    for name, network in {"M/M/1": _queue(1), "M/M/8": _queue(8), "ten stations": _ten()}.items():
        rounds = [(_our_rate(network, seed), _simpy_rate(network, seed)) for seed in range(ROUNDS)]
        ours, theirs = (median(side) for side in zip(*rounds, strict=True))
        rows.append(against(f"simulator: {name} (ref: SimPy)", ours, "/s", theirs))
    return [*rows, *_linear(), *systems.run()]


def _our_rate(network: Network, seed: int) -> float:
    customers = OURS // len(network.stations)
    return customers / _seconds(lambda: simulate(network, customers=customers, seed=seed))


def _simpy_rate(network: Network, seed: int) -> float:
    return THEIRS / _seconds(lambda: SimpyNetwork(network, seed).run(THEIRS))


def _compile_s() -> float:
    """Return the seconds of a run of each engine in a fresh process that finds nothing compiled."""
    with tempfile.TemporaryDirectory() as directory:
        command = [sys.executable, "-c", "from bench import simulator; simulator._warm_up()"]
        environment = {**os.environ, "NUMBA_CACHE_DIR": directory}
        return _seconds(lambda: subprocess.run(command, check=True, cwd=ROOT, env=environment))


def _linear() -> list[Row]:
    """Return the time for 10^8 events (5 x 10^7 customers of M/M/1), beside ten times that of a tenth of them."""
    tenth = _seconds(lambda: simulate(_queue(1), customers=OURS, seed=1))
    whole = _seconds(lambda: simulate(_queue(1), customers=10 * OURS, seed=1))
    return [against("simulator: 10^8 events (ref: 10 x 10^7)", whole, "s", 10 * tenth)]


def _queue(servers: int) -> Network:
    return Network({"q": Station(Exponential(1.0), servers)}, {"q": Poisson(0.8 * servers)})


def _ten() -> Network:
    """Return ten stations, of which a customer visits three and a third on average."""
    names = [f"s{i}" for i in range(STATIONS)]
    stations = {
        name: Station(Exponential(1.0), routes={names[(i + 1) % STATIONS]: 0.5, names[(i + 3) % STATIONS]: 0.2})
        for i, name in enumerate(names)
    }
    return Network(stations, {name: Poisson(0.24) for name in names})


def _warm_up() -> None:
    for network in (_queue(1), _ten()):
        simulate(network, customers=1_000, seed=1)


def _seconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


class SimpyNetwork:
    """The same network in SimPy: a Resource a station, a process a customer, as its documentation does it."""

    def __init__(self, network: Network, seed: int) -> None:
        self.time, self.random, self.network = simpy.Environment(), random.Random(seed), network
        self.servers = {name: simpy.Resource(self.time, station.servers) for name, station in network.stations.items()}
        self.left = 0

    def run(self, customers: int) -> None:
        """Carry on until so many customers have left."""
        self.enough, self.customers = self.time.event(), customers
        for name, arrivals in self.network.arrivals.items():
            self.time.process(self.arrive(name, arrivals.rate))
        self.time.run(self.enough)

    def arrive(self, name: str, rate: float) -> Iterator[Any]:
        while True:
            yield self.time.timeout(self.random.expovariate(rate))
            self.time.process(self.visit(name))

    def visit(self, name: str | None) -> Iterator[Any]:
        while name is not None:
            station = self.network.stations[name]
            with self.servers[name].request() as turn:
                yield turn
                yield self.time.timeout(self.random.expovariate(1 / station.service.mean))
            name = self.following(station)
        self.left += 1
        if self.left == self.customers:
            self.enough.succeed()

    def following(self, station: Station) -> str | None:
        drawn = self.random.random() if station.routes else 1.0
        for name, chance in station.routes.items():
            drawn -= chance
            if drawn < 0:
                return name
        return None
