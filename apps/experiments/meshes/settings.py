"""What was set for a run of services that call each other? The parameters, typed."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from apps.experiments.params import Params

MOST_CALLS = 20_000_000
LEAST_AFTER = 1.0  # seconds that an event is watched at least


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a run."""

    shape: str
    services: int
    availability: float
    service_ms: float
    rps: float
    servers: int
    threads: int
    bulkhead: int
    last: str
    timeout_ms: float
    client_timeout_ms: float
    attempts: int
    deadlines: str
    event: str
    event_in: str
    event_at_s: float
    slow_factor: float
    duration_s: float

    @classmethod
    def of(cls, params: Params) -> Settings:
        """Return cleaned parameters as settings."""
        return cls(**params)  # type: ignore[arg-type]

    @property
    def chain(self) -> bool:
        """Return whether services stand one after the other."""
        return self.shape == "chain"

    @property
    def service_s(self) -> float:
        """Return the mean work of a service in seconds."""
        return self.service_ms / 1e3

    @property
    def timeout_s(self) -> float:
        """Return how long a service waits for another; infinity for ever."""
        return self.timeout_ms / 1e3 if self.timeout_ms > 0 else inf

    @property
    def client_timeout_s(self) -> float:
        """Return how long a client waits for a try; infinity for ever."""
        return self.client_timeout_ms / 1e3 if self.client_timeout_ms > 0 else inf

    @property
    def optional(self) -> bool:
        """Return whether an answer can do without the last service."""
        return self.last == "optional"

    @property
    def eventful(self) -> bool:
        """Return whether something happens to a service."""
        return self.event != "none"

    @property
    def holds(self) -> bool:
        """Return whether a caller keeps a thread while it waits. Where servers are few and threads are not, callers
        do other work meanwhile."""
        return self.threads > 0 or self.servers == 0

    @property
    def from_s(self) -> float:
        """Return the moment from which figures count: the event, or the end of the warm-up."""
        return self.event_at_s if self.eventful else self.duration_s / 10

    @property
    def stable(self) -> bool:
        """Return whether the first calls alone leave the servers some time."""
        return self.servers == 0 or self.rps * self.service_s < self.servers

    @property
    def worst_calls(self) -> float:
        """Return the calls of a run in which every try fails."""
        tries = self.attempts
        if self.chain:
            each = sum(float(tries) ** level for level in range(1, self.services + 1))
        else:
            each = tries + float(tries) ** 2 * self.services
        return self.rps * self.duration_s * each


def conflicts(params: Params) -> dict[str, str]:
    """Return problems by name: an event after the end, runs without end, a bulkhead without walls."""
    settings = Settings.of(params)
    problems = {}
    if settings.eventful and settings.event_at_s > settings.duration_s - LEAST_AFTER:
        problems["event_at_s"] = f"The run ends at {settings.duration_s:g} s. Let it happen a second before, or sooner."
    if settings.worst_calls > MOST_CALLS:
        problems["attempts"] = (
            f"If every try fails, {settings.attempts} tries through {settings.services} services make "
            f"{settings.worst_calls:.1e} calls in this run. Use fewer tries, services or requests: at most "
            f"{MOST_CALLS:.0e} calls."
        )
    if settings.bulkhead and settings.chain and settings.services == 1:
        problems["bulkhead"] = "A single service calls nobody. Use two services at least, or 0."
    if settings.optional and settings.services == 1:
        problems["last"] = "With a single service nothing is left without it. Use two services at least."
    return problems
