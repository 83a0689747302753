"""How fast are systems of services that call each other? Beside SimPy on the same chain, and beside the story."""

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
from apps.simulator.calls.policies import Breaker, Retry
from apps.simulator.calls.run import simulate
from apps.simulator.calls.system import Call, Service, System
from apps.simulator.services import Exponential, LogNormal
from bench.report import Row, against
from bench.site import ROOT

ROUNDS, OURS, THEIRS, TOLD = 3, 1_000_000, 3_000, 2_000
SERVICES, RATE, WORK_S = 10, 80.0, 0.01


def run() -> list[Row]:
    """Return requests/s through a chain of ten beside SimPy's, and the seconds of 10^6 requests to a shop of ten."""
    rows = [Row("systems: first run after an installation", round(_compile_s(), 2), "s")]
    warm_up()
    rounds = [(_our_rate(seed), _simpy_rate(seed)) for seed in range(ROUNDS)]
    ours, theirs = (median(side) for side in zip(*rounds, strict=True))
    rows.append(against("systems: chain of ten (ref: SimPy)", ours, "/s", theirs))
    whole = median(_seconds(lambda s=seed: simulate(shop(), requests=OURS, seed=s)) for seed in range(ROUNDS))
    told = _seconds(lambda: simulate(shop(), requests=TOLD, seed=1, engine="story"))
    rows.append(against("systems: shop of ten, 10^6 (ref: the story)", whole, "s", told * OURS / TOLD))
    return rows


def chain() -> System:
    """Return ten services, each of which calls the next."""
    names = [f"s{i}" for i in range(SERVICES)]
    services = {
        name: Service(Exponential(WORK_S), calls=((Call(following),),) if following else ())
        for name, following in zip(names, [*names[1:], None], strict=True)
    }
    return System(services, Call("s0"), Poisson(RATE))


def shop() -> System:
    """Return a shop of ten services with replicas, caches, timeouts, retries, a hedge and a breaker."""
    careful = Retry(3, "exponential", 0.05, jitter="full", budget=0.1)
    law = LogNormal(0.004, 0.04)

    def to(name: str, **how: Any) -> Call:
        return Call(name, timeout_s=1.0, retry=careful, **how)

    details = to("catalogue"), to("basket"), to("ads", optional=True)
    found = (to("cache"),), (to("search", chance=0.2),)
    services = {
        "gateway": Service(Exponential(0.001), 2, 4, calls=((to("auth"),), details)),
        "auth": Service(Exponential(0.002), 2, 4, calls=((to("sessions"),),)),
        "sessions": Service(Exponential(0.0005), 2, 2),
        "catalogue": Service(law, 4, 4, balancer="two-choices", holds=True, calls=found),
        "cache": Service(Exponential(0.0005), 2, 2, balancer="consistent-hash", calls=((to("store", chance=0.2),),)),
        "store": Service(Exponential(0.004), 2, 4, fails=0.001),
        "search": Service(law, 3, 4, balancer="least-connections"),
        "basket": Service(Exponential(0.003), 2, 4, calls=((to("orders", breaker=Breaker(), chance=0.3),),)),
        "orders": Service(Exponential(0.005), 2, 4),
        "ads": Service(law, 2, 4, room=100, drops_expired=True),
    }
    entry = Call("gateway", timeout_s=2.0, retry=careful, hedge_after_s=0.2)
    return System(services, entry, Poisson(400.0), keys=10_000, alpha=0.9)


def warm_up() -> None:
    """Compile what is measured."""
    simulate(shop(), requests=100, seed=1)


def _our_rate(seed: int) -> float:
    return OURS / SERVICES / _seconds(lambda: simulate(chain(), requests=OURS // SERVICES, seed=seed))


def _simpy_rate(seed: int) -> float:
    return THEIRS / _seconds(lambda: SimpyChain(seed).run(THEIRS))


def _compile_s() -> float:
    """Return the seconds of a short run in a fresh process that finds nothing compiled."""
    with tempfile.TemporaryDirectory() as directory:
        command = [sys.executable, "-c", "from bench import systems; systems.warm_up()"]
        environment = {**os.environ, "NUMBA_CACHE_DIR": directory}
        return _seconds(lambda: subprocess.run(command, check=True, cwd=ROOT, env=environment))


def _seconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


class SimpyChain:
    """The same chain in SimPy: a Resource a service, a process a request, as its documentation does it."""

    def __init__(self, seed: int) -> None:
        self.time, self.random = simpy.Environment(), random.Random(seed)
        self.servers = [simpy.Resource(self.time, 1) for _ in range(SERVICES)]
        self.ended, self.latency = 0, 0.0

    def run(self, requests: int) -> None:
        """Carry on until so many requests are answered."""
        self.enough, self.requests = self.time.event(), requests
        self.time.process(self.arrive())
        self.time.run(self.enough)

    def arrive(self) -> Iterator[Any]:
        while True:
            yield self.time.timeout(self.random.expovariate(RATE))
            self.time.process(self.visit())

    def visit(self) -> Iterator[Any]:
        born = self.time.now
        for server in self.servers:
            with server.request() as turn:
                yield turn
                yield self.time.timeout(self.random.expovariate(1 / WORK_S))
        self.latency += self.time.now - born
        self.ended += 1
        if self.ended == self.requests:
            self.enough.succeed()
