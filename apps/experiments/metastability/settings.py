"""What was set for a metastable run? The parameters, typed, and the system that they describe."""

from __future__ import annotations

from dataclasses import dataclass

from apps.experiments.params import Params
from apps.simulator.arrivals import Arrivals, Poisson, Spike
from apps.simulator.calls.policies import Backoff, Jitter, Retry
from apps.simulator.calls.system import Call, Change, Order, Service, System
from apps.simulator.services import Exponential

SERVER = "server"
BUCKET_S = 0.5
SLOW = 0.2  # speed of the server while it is slow
SPIKE = 3.0  # times the load in a spike
TOKENS = 100.0  # what the budget holds: enough for a bad moment, not for a bad minute


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a metastable run."""

    attempts: int
    timeout_s: float
    backoff: Backoff
    base_ms: float
    cap_ms: float
    jitter: Jitter
    budget: float
    trigger: str
    event_at_s: float
    outage_s: float
    capacity_rps: float
    offered_rps: float
    failing: float
    order: Order
    drops_expired: str
    duration_s: float

    @classmethod
    def of(cls, params: Params) -> Settings:
        """Return cleaned parameters as settings."""
        return cls(**params)  # type: ignore[arg-type]

    @property
    def ends_at_s(self) -> float:
        """Return when the trigger is over; without one, when it would have begun."""
        return self.event_at_s + (self.outage_s if self.trigger != "none" else 0.0)

    @property
    def after_s(self) -> float:
        """Return when the part of the run begins that shows what it came to: the last 10 s, or half of what is left."""
        return self.duration_s - min(10.0, (self.duration_s - self.ends_at_s) / 2)

    @property
    def most_attempts(self) -> float:
        """Return how many attempts a request makes when all fail, in the long run: bounded by the budget, if any."""
        return min(self.attempts, 1 + self.budget) if self.budget > 0 else float(self.attempts)

    @property
    def worst_load(self) -> float:
        """Return the load on the server if every request makes all its attempts, as a share of its capacity."""
        return self.offered_rps * self.most_attempts / self.capacity_rps

    @property
    def may_succeed(self) -> float:
        """Return the share of requests that the server answers well at the first attempt, when it has time for them."""
        return 1 - self.failing

    def retry(self) -> Retry:
        """Return how clients try again."""
        return Retry(
            self.attempts, self.backoff, self.base_ms / 1e3, self.cap_ms / 1e3,
            "none" if self.backoff == "none" else self.jitter, self.budget if self.budget > 0 else None, TOKENS,
        )  # fmt: skip

    def system(self) -> System:
        """Return one server behind one line, and clients that do not wait for ever."""
        server = Service(
            Exponential(1 / self.capacity_rps),
            order=self.order,
            fails=self.failing,
            drops_expired=self.drops_expired == "yes",
        )
        call = Call(SERVER, timeout_s=self.timeout_s, retry=self.retry())
        return System({SERVER: server}, call, self._arrivals(), self._changes())

    def _arrivals(self) -> Arrivals:
        if self.trigger == "spike":
            return Spike(self.offered_rps, SPIKE, self.event_at_s, self.ends_at_s)
        return Poisson(self.offered_rps)

    def _changes(self) -> tuple[Change, ...]:
        speeds = {"outage": 0.0, "slow": SLOW}
        if self.trigger not in speeds:
            return ()
        return (
            Change(self.event_at_s, SERVER, speed=speeds[self.trigger]),
            Change(self.ends_at_s, SERVER, speed=1.0),
        )
