"""What was set for a rate-limiting run? The parameters, typed, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from apps.experiments.limiters.algorithms import Policy
from apps.experiments.params import Params

SECOND = 1_000_000  # microseconds: times inside this lab are whole numbers of them
TAIL_S = 1.0  # the least a run goes on after its event
LONGEST_OUTAGE_S = 2.0
LATEST_S = 3  # how late a decision may come and still be seen while the run goes on


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a rate-limiting run. Times in seconds, rates per second."""

    algorithm: str
    limit: int
    window_s: int
    burst: int
    traffic: str
    offered_rps: int
    clients: int
    nodes: int
    store: str
    clock: str
    duration_s: float
    event: str
    event_at_s: float
    on_failure: str

    @classmethod
    def of(cls, params: Params) -> Settings:
        """Return cleaned parameters as settings."""
        return cls(**params)  # type: ignore[arg-type]

    @property
    def policy(self) -> Policy:
        """Return what is allowed, in the limiters' own terms."""
        return Policy(self.limit, self.window_us, self.burst)

    @property
    def window_us(self) -> int:
        """Return the length of the window in microseconds."""
        return self.window_s * SECOND

    @property
    def limit_rps(self) -> float:
        """Return the limit as a rate."""
        return self.limit / self.window_s

    @property
    def virtual(self) -> bool:
        """Return whether time is simulated, so that nothing is timed."""
        return self.clock == "virtual"

    @property
    def on_redis(self) -> bool:
        """Return whether the limiter's memory is in Redis."""
        return self.store != "local"

    @property
    def counts_together(self) -> bool:
        """Return whether one limiter sees all requests; several gateways with memories of their own each see a part."""
        return self.on_redis or self.nodes == 1

    @property
    def outage_s(self) -> float:
        """Return how long Redis is left dead: a quarter of what remains of the run, at most two seconds; 0: never."""
        if self.event == "none":
            return 0.0
        return min(LONGEST_OUTAGE_S, (self.duration_s - self.event_at_s) / 4)

    @property
    def blind_verdict(self) -> int:
        """Return what a gateway decides while Redis does not answer: admit, or say "in a second"."""
        return 0 if self.on_failure == "open" else -SECOND

    @property
    def lookback_us(self) -> int:
        """Return how far back a request may have been due that counts in the window which ends now."""
        queued = (self.burst + 1) * self.window_us // self.limit if self.algorithm == "leaky-bucket" else 0
        return self.window_us + queued + LATEST_S * SECOND


def conflicts(params: Params) -> Mapping[str, str]:
    """Return what does not go together, by parameter, with what to change."""
    settings = Settings.of(params)
    problems = dict(_burst_conflicts(settings)) if settings.traffic == "boundary-burst" else {}
    if settings.virtual and settings.store == "redis-naive":
        problems["clock"] = (
            "Requests come one after the other on the virtual clock, so nothing can race. "
            "Use clock=real, or store=redis-atomic."
        )
    if settings.event == "redis-down":
        if not settings.on_redis:
            problems["event"] = "There is no Redis to kill with store=local. Use redis-atomic or redis-naive."
        if settings.event_at_s > (latest := settings.duration_s - TAIL_S):
            problems["event_at_s"] = f"The run would be over. Use a number up to {latest:g} s, or a longer run."
    return problems


def _burst_conflicts(settings: Settings) -> Mapping[str, str]:
    """Return why bursts on window edges do not fit: each must be shorter than a window, and the run reach one."""
    needed = ceil(2 * settings.limit / settings.window_s)
    if settings.offered_rps < needed:
        return {
            "offered_rps": f"A burst of {2 * settings.limit:,} requests would take longer than a window. "
            f"Use {needed:,} /s or more, or a lower limit."
        }
    reaches = settings.window_s + settings.limit / settings.offered_rps
    if settings.duration_s < reaches:
        return {
            "duration_s": f"The first burst, on the edge at {settings.window_s} s, would not be over. "
            f"Use {ceil(reaches)} s or more, or a shorter window."
        }
    return {}
