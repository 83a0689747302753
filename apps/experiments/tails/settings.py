"""What was set for a run of fan-out and hedging? The parameters, typed, and the system that they describe."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log, sqrt
from statistics import NormalDist

from apps.experiments.params import Params
from apps.experiments.tails.leaf import TwoPoint, slower
from apps.experiments.tails.theory import mean
from apps.simulator.arrivals import Poisson
from apps.simulator.calls.system import Call, System
from apps.simulator.calls.system import Service as Station
from apps.simulator.services import Z99, Deterministic, Exponential, LogNormal, Service

PAGE, LEAF = "page", "leaf"
SIGMA = 1.0  # of the log-normal law: its slowest hundredth takes ten times the median
LEAST_MACHINES = 10  # so that a hedge meets another machine than the first call did
IDLE = 0.5  # pages under way at once on average, where nobody waits: it changes nothing there
PLENTY = 1_000_000  # servers: nobody waits
LEAST_FOR_P999 = 9_000  # pages: fewer have less than eight in the slowest thousandth
MOST_MACHINES = 500
MOST_CALLS = 5_000_000  # of a whole run: some ten seconds on a busy machine
CALLS_PER_S = 500_000  # on a busy machine
STEP = 1_000  # pages are set in thousands
LADDER = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000)  # fan-outs of the curve
SHORTER = 4  # the runs over the fan-out have so many times fewer pages


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a run."""

    fan_out: int
    law: str
    leaf_ms: float
    slow_fraction: float
    slow_ms: float
    hedge_after_ms: float
    utilisation: float
    requests: int

    @classmethod
    def of(cls, params: Params) -> Settings:
        """Return cleaned parameters as settings."""
        return cls(**params)  # type: ignore[arg-type]

    @property
    def hedge_s(self) -> float:
        """Return after how many seconds a second call goes out; infinity for never."""
        return self.hedge_after_ms / 1e3 if self.hedge_after_ms > 0 else inf

    @property
    def queues(self) -> bool:
        """Return whether leaves are busy, so that calls wait for each other."""
        return self.utilisation > 0

    @property
    def slow_s(self) -> float:
        """Return what counts as slow: what the slowest `slow_fraction` of single calls take, in seconds."""
        leaf = self.leaf_ms / 1e3
        if self.law == "exponential":
            return -leaf * log(self.slow_fraction)
        if self.law == "two-point":
            return sqrt(leaf * self.slow_ms / 1e3)
        return leaf * exp(SIGMA * NormalDist().inv_cdf(1 - self.slow_fraction))

    @property
    def machines(self) -> int:
        """Return how many leaf machines there are, where they are busy: each holds a part, and copies of others."""
        return max(LEAST_MACHINES, self.fan_out)

    @property
    def rate(self) -> float:
        """Return pages per second."""
        if not self.queues:
            return IDLE / mean(self.leaf_law(), self.fan_out, self.hedge_s)
        return self.utilisation * self.machines / (self.fan_out * self.leaf_law().mean)

    @property
    def calls_a_page(self) -> float:
        """Return how many calls are simulated per page: its own, its share of the curve's, and second ones.

        Busy leaves may be late with every call, so that each is made twice.
        """
        late = 1.0 if self.queues else slower(self.leaf_law(), self.hedge_s)
        twice = 1 + late if self.hedge_after_ms > 0 else 1.0
        return twice * (self.fan_out + sum(fan for fan in LADDER if fan < self.fan_out) / SHORTER)

    @property
    def computes_s(self) -> float:
        """Return about how many seconds the run computes."""
        return self.requests * self.calls_a_page / CALLS_PER_S

    def leaf_law(self) -> Service:
        """Return the law of a leaf's work."""
        leaf = self.leaf_ms / 1e3
        if self.law == "exponential":
            return Exponential(leaf)
        if self.law == "two-point":
            return TwoPoint(leaf, self.slow_ms / 1e3, self.slow_fraction)
        return LogNormal(leaf, leaf * exp(SIGMA * Z99))

    def system(self) -> System:
        """Return a page that calls its leaves at once and waits for the last."""
        call = Call(LEAF, hedge_after_s=self.hedge_s, copies=self.fan_out)
        services = {
            PAGE: Station(Deterministic(0.0), servers=PLENTY, calls=((call,),)),
            LEAF: Station(
                self.leaf_law(), replicas=self.machines if self.queues else 1, servers=1 if self.queues else PLENTY
            ),
        }
        return System(services, Call(PAGE), Poisson(self.rate))


def conflicts(params: Params) -> dict[str, str]:
    """Return problems by name: slow answers that are not slow, runs that would take a minute."""
    settings = Settings.of(params)
    problems = {}
    if settings.law == "two-point" and settings.slow_ms <= settings.leaf_ms:
        problems["slow_ms"] = f"A slow answer has to take longer than a usual one: more than {settings.leaf_ms:g} ms."
    if settings.queues and settings.fan_out > MOST_MACHINES:
        problems["fan_out"] = (
            f"Busy leaves are simulated one by one: use at most {MOST_MACHINES}, or a utilisation of 0."
        )
    if settings.requests * settings.calls_a_page > MOST_CALLS:
        most = int(MOST_CALLS / settings.calls_a_page) // STEP * STEP
        twice = " and second calls" if settings.hedge_after_ms else ""
        problems["requests"] = f"With {settings.fan_out} leaves a page{twice} use at most {most:,} pages."
    return problems
