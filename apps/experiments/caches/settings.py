"""What was set for a caching run? The parameters, typed, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from apps.experiments.base import Params

TAIL_S = 1.0  # the least a run goes on after its event: the window of the peak


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a caching run. Times in seconds, rates per second."""

    pattern: str
    eviction: str
    objects: int
    cache_fraction: float
    alpha: float
    reads_per_s: int
    ttl_s: float
    clients: int
    duration_s: float
    event: str
    event_at_s: float

    @classmethod
    def of(cls, params: Params) -> Settings:
        """Return cleaned parameters as settings."""
        return cls(**params)  # type: ignore[arg-type]

    @property
    def capacity(self) -> int:
        """Return how many objects are to fit into the cache."""
        return max(1, round(self.objects * self.cache_fraction))

    @property
    def cached(self) -> bool:
        """Return whether reads go through the cache at all."""
        return self.pattern != "none"

    @property
    def steady_until_s(self) -> float:
        """Return when the undisturbed part of the run ends."""
        return self.event_at_s if self.event != "none" else self.duration_s

    @property
    def evicts(self) -> bool:
        """Return whether a full cache makes room: noeviction never does, volatile-ttl only among mortal entries."""
        return self.eviction != "noeviction" and not (self.eviction == "volatile-ttl" and self.ttl_s == 0)


def conflicts(params: Params) -> Mapping[str, str]:
    """Return what does not go together: an event must come early enough to be seen."""
    settings = Settings.of(params)
    latest = settings.duration_s - TAIL_S
    if settings.event == "none" or settings.event_at_s <= latest:
        return {}
    return {"event_at_s": f"The run would be over. Use a number up to {latest:g} s, or a longer run."}
