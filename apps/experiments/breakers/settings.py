"""What was set for a run with a circuit breaker? The parameters, typed, and the system that they describe."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from apps.experiments.params import Params
from apps.simulator.arrivals import Poisson
from apps.simulator.calls.policies import Breaker
from apps.simulator.calls.system import Call, Change, Service, System
from apps.simulator.services import Deterministic, Exponential

CALLER, DEPENDENCY = "caller", "dependency"
LIBRARY = "client library"  # in the caller: its calls to the dependency pass here, with or without a breaker
DEPENDENCY_S = 0.02  # what the dependency takes when it is well
AT_ONCE = 200  # calls that it works on at the same time
LINE = 50  # requests that may wait where the line is bounded


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a run."""

    breaker: str
    window: int
    threshold: float
    open_s: float
    trial_calls: int
    timeout_ms: float
    fallback: str
    failure: str
    failure_share: float
    slow_ms: float
    event_at_s: float
    event_s: float
    offered_rps: float
    needs_share: float
    patience_s: float
    threads: int
    work_ms: float
    shedding: str
    duration_s: float

    @classmethod
    def of(cls, params: Params) -> Settings:
        """Return cleaned parameters as settings."""
        return cls(**params)  # type: ignore[arg-type]

    @property
    def ends_at_s(self) -> float:
        """Return when the failure is over; without one, when it would be."""
        return self.event_at_s + self.event_s

    @property
    def call_s(self) -> float:
        """Return how long a call to the failing dependency takes on average, up to its timeout, in seconds."""
        timeout_s, slow_s = self.timeout_ms / 1e3, self.slow_ms / 1e3
        if self.failure == "down":
            return timeout_s
        mean_s = slow_s if self.failure == "slow" else DEPENDENCY_S
        return mean_s * (1 - exp(-timeout_s / mean_s))

    @property
    def lost(self) -> float:
        """Return the share of calls to the failing dependency that fail or come too late."""
        slow = exp(-self.timeout_ms / self.slow_ms)
        return {"none": 0.0, "share": self.failure_share, "slow": slow, "down": 1.0}[self.failure]

    @property
    def wanted_threads(self) -> float:
        """Return how many threads would be held while the dependency fails, without a breaker: Little's law."""
        return self.offered_rps * (self.work_ms / 1e3 + self.needs_share * self.call_s)

    def system(self) -> System:
        """Return a caller with threads, and a dependency that some of its requests need."""
        rule = Breaker(self.window, self.window, self.threshold, self.open_s, self.trial_calls)
        guarded = Call(DEPENDENCY, timeout_s=self.timeout_ms / 1e3, breaker=rule if self.breaker == "on" else None)
        needs = Call(LIBRARY, chance=self.needs_share, optional=self.fallback == "yes")
        services = {
            CALLER: Service(
                Exponential(self.work_ms / 1e3),
                servers=self.threads,
                order="lifo" if self.shedding == "lifo" else "fifo",
                room=self.threads + LINE if self.shedding == "bounded" else None,
                drops_expired=self.shedding == "lifo",
                holds=True,
                calls=((needs,),),
            ),
            LIBRARY: Service(Deterministic(0.0), calls=((guarded,),)),
            DEPENDENCY: Service(Exponential(DEPENDENCY_S), servers=AT_ONCE),
        }
        return System(services, Call(CALLER, timeout_s=self.patience_s), Poisson(self.offered_rps), self._changes())

    def _changes(self) -> tuple[Change, ...]:
        begin, end = self.event_at_s, self.ends_at_s
        if self.failure == "share":
            return (
                Change(begin, DEPENDENCY, fails=self.failure_share),
                Change(end, DEPENDENCY, fails=0.0),
            )
        speeds = {"slow": DEPENDENCY_S * 1e3 / self.slow_ms, "down": 0.0}
        if self.failure in speeds:
            return Change(begin, DEPENDENCY, speed=speeds[self.failure]), Change(end, DEPENDENCY, speed=1.0)
        return ()
