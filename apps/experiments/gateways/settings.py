"""What was set for a run of a gateway? The parameters, typed, and what a request costs by them."""

from __future__ import annotations

from dataclasses import dataclass

from apps.experiments.params import Params
from apps.experiments.systems.times import harmonic

MOST_CALLS = 8_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a run."""

    mode: str
    calls: int
    client_rtt_ms: float
    inner_rtt_ms: float
    service_ms: float
    auth_ms: float
    auth_cache_hit: float
    gateway_ms: float
    gateways: int
    threads: int
    limit_rps: float
    limit_store: str
    offered_rps: float
    duration_s: float

    @classmethod
    def of(cls, params: Params) -> Settings:
        """Return cleaned parameters as settings."""
        return cls(**params)  # type: ignore[arg-type]

    @property
    def direct(self) -> bool:
        """Return whether clients call the services themselves."""
        return self.mode == "direct"

    @property
    def parallel(self) -> bool:
        """Return whether the gateway calls all services at once."""
        return self.mode == "aggregate-parallel"

    @property
    def limited(self) -> bool:
        """Return whether there is a limit: gateways keep it, so direct calls know none."""
        return self.limit_rps > 0 and not self.direct

    @property
    def shared(self) -> bool:
        """Return whether all gateways ask one store for the limit, a way each time."""
        return self.limited and self.limit_store == "shared"

    @property
    def allowed_rps(self) -> float:
        """Return how many requests a second all gateways together let through: L if they share a store, else k·L."""
        return self.limit_rps * (1 if self.shared else self.gateways)

    @property
    def all_threads(self) -> int:
        """Return the threads of all gateways."""
        return self.gateways * self.threads

    @property
    def checks_s(self) -> float:
        """Return what the checks of one request cost on average: (1 − h)·c for the token, a way for the limit."""
        checks = self.calls if self.direct else 1
        token = checks * (1 - self.auth_cache_hit) * self.auth_ms
        return (token + (self.inner_rtt_ms if self.shared else 0.0)) / 1e3

    @property
    def ways_s(self) -> float:
        """Return the time on the way of the client: n·R or R."""
        return self.client_rtt_ms * (self.calls if self.direct else 1) / 1e3

    @property
    def services_s(self) -> float:
        """Return the time with the services: n·s, n·(r + s) through a gateway, or r + H_n·s all at once."""
        if self.parallel:
            return (self.inner_rtt_ms + harmonic(self.calls) * self.service_ms) / 1e3
        return self.calls * (self.service_ms + (0.0 if self.direct else self.inner_rtt_ms)) / 1e3

    @property
    def held_s(self) -> float:
        """Return how long a request holds a thread of a gateway."""
        return 0.0 if self.direct else self.gateway_ms / 1e3 + self.checks_s + self.services_s

    @property
    def mean_s(self) -> float:
        """Return the mean time of a request if nobody waits for a thread."""
        return self.ways_s + (self.checks_s + self.services_s if self.direct else self.held_s)

    @property
    def admitted_rps(self) -> float:
        """Return how many requests a second get through, as far as the limit goes."""
        return min(self.offered_rps, self.allowed_rps) if self.limited else self.offered_rps

    @property
    def load(self) -> float:
        """Return the share of the threads that is held on average (Little), 1 and more if they do not suffice."""
        return self.admitted_rps * self.held_s / self.all_threads

    @property
    def stable(self) -> bool:
        """Return whether there are enough threads."""
        return self.direct or self.load < 1


def conflicts(params: Params) -> dict[str, str]:
    """Return problems by name: runs that would take a minute."""
    settings = Settings.of(params)
    each = settings.calls * 2 + 4
    if settings.offered_rps * settings.duration_s * each > MOST_CALLS:
        most = MOST_CALLS / each / settings.duration_s
        return {
            "offered_rps": f"With {settings.calls} calls each for {settings.duration_s:g} s use at most {most:,.0f} "
            "requests a second, or a shorter run."
        }
    return {}
