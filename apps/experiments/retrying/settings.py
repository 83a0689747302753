"""What was set for a run with retries? The parameters, typed, and the system or the contest that they describe."""

from __future__ import annotations

from dataclasses import dataclass

from apps.experiments.params import Params
from apps.simulator.arrivals import Arrivals, Poisson, Trace
from apps.simulator.calls.policies import Backoff, Jitter, Retry
from apps.simulator.calls.system import Call, Change, Service, System
from apps.simulator.contention import Contest
from apps.simulator.services import Deterministic, Exponential

SERVER = "server"
HOP_S = 0.005  # between any two, one direction
ROOM_S = 0.1  # how long the server's line may be when all come at once; whoever finds it full is refused
TOGETHER_S = 1.0  # when all clients come back
UNTIL_DONE = 1_000  # attempts of a client that does not give up: the most that the simulator takes
TOKENS = 10.0
CROWDS = ("reconnect", "contention")  # triggers in which so many clients each want one thing


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a run with retries."""

    trigger: str
    failure_share: float
    depth: int
    attempts: int
    backoff: Backoff
    base_ms: float
    cap_ms: float
    jitter: Jitter
    budget: float
    clients: int
    offered_rps: float
    capacity_rps: float
    event_at_s: float
    event_s: float
    duration_s: float

    @classmethod
    def of(cls, params: Params) -> Settings:
        """Return cleaned parameters as settings."""
        return cls(**params)  # type: ignore[arg-type]

    @property
    def is_crowd(self) -> bool:
        """Return whether so many clients come at one moment, instead of a load over time."""
        return self.trigger in CROWDS

    @property
    def ends_at_s(self) -> float:
        """Return when the trigger is over; without one, when it would be."""
        return self.event_at_s + self.event_s

    @property
    def bucket_s(self) -> float:
        """Return the length of the steps in which a load is counted."""
        return 0.5 if self.duration_s > 30 else 0.1

    @property
    def spread(self) -> Jitter:
        """Return the jitter that has an effect: none without a pause."""
        return "none" if self.backoff == "none" else self.jitter

    def retry(self) -> Retry:
        """Return how clients and layers try again. A crowd does not give up, and has no budget."""
        budget = self.budget if self.budget > 0 and not self.is_crowd else None
        attempts = UNTIL_DONE if self.is_crowd else self.attempts
        return Retry(attempts, self.backoff, self.base_ms / 1e3, self.cap_ms / 1e3, self.spread, budget, TOKENS)

    def contest(self, clients: int) -> Contest:
        """Return a contest of so many clients for one row."""
        return Contest(clients, self.backoff, self.spread, self.base_ms / 1e3, self.cap_ms / 1e3)

    def pauses_s(self) -> float:
        """Return the longest that the pauses of one call can be, summed."""
        base, cap = self.base_ms / 1e3, self.cap_ms / 1e3
        if self.backoff == "none":
            return 0.0
        if self.spread == "decorrelated":
            return cap * (self.attempts - 1)
        steps = range(self.attempts - 1)
        return sum(min(cap, base * 2**step) if self.backoff == "exponential" else base for step in steps)

    def settles_s(self) -> float:
        """Return how long it takes until the retries of the first failed calls have all been made."""
        settled = 0.0
        for _ in range(self.depth):
            settled = self.attempts * (settled + 2 * HOP_S) + self.pauses_s()
        return settled

    def system(self) -> System:
        """Return layers that each call the next, down to the server; each tries again as set."""
        names = [f"layer {number}" for number in range(1, self.depth)] + [SERVER]
        services = {
            name: Service(Deterministic(0.0), servers=1_000, calls=((Call(below, retry=self.retry()),),))
            for name, below in zip(names[:-1], names[1:], strict=True)
        }
        room = max(2, round(self.capacity_rps * ROOM_S)) if self.trigger == "reconnect" else None
        services[SERVER] = Service(Exponential(1 / self.capacity_rps), room=room)
        call = Call(names[0], retry=self.retry())
        return System(services, call, self._arrivals(), self._changes(), latency_s=HOP_S)

    def _arrivals(self) -> Arrivals:
        return Trace((TOGETHER_S,) * self.clients) if self.trigger == "reconnect" else Poisson(self.offered_rps)

    def _changes(self) -> tuple[Change, ...]:
        if self.trigger == "failures":
            return (
                Change(self.event_at_s, SERVER, fails=self.failure_share),
                Change(self.ends_at_s, SERVER, fails=0.0),
            )
        if self.trigger == "outage":
            return (Change(self.event_at_s, SERVER, gone=True, noticed_s=1e9), Change(self.ends_at_s, SERVER))
        return ()
