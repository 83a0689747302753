"""What was set for a run of a content delivery network? The parameters, typed, and the network that they describe."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from apps.experiments.params import Params
from apps.simulator.cdn.system import Cdn


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a run."""

    edges: int
    edge_capacity: int
    shield: str
    shield_capacity: int
    coalesce: str
    objects: int
    alpha: float
    rps: float
    ttl_s: float
    swr_s: float
    edge_ms: float
    shield_ms: float
    origin_ms: float
    duration_s: float
    event: str
    event_at_s: float

    @classmethod
    def of(cls, params: Params) -> Settings:
        """Return cleaned parameters as settings."""
        return cls(**params)  # type: ignore[arg-type]

    @property
    def shielded(self) -> bool:
        """Return whether there is a shield."""
        return self.shield == "yes"

    @property
    def expires(self) -> bool:
        """Return whether copies have a time to live."""
        return self.ttl_s > 0

    @property
    def purged_at_s(self) -> float:
        """Return when all caches are emptied; inf: never."""
        return self.event_at_s if self.event == "purge" else inf

    @property
    def everything_fits(self) -> bool:
        """Return whether no cache ever has to evict."""
        room = min(self.edge_capacity, self.shield_capacity) if self.shielded else self.edge_capacity
        return room >= self.objects

    @property
    def room(self) -> int:
        """Return for how many objects there is room in all caches together."""
        return self.edges * self.edge_capacity + (self.shield_capacity if self.shielded else 0)

    def cdn(self) -> Cdn:
        """Return the network."""
        return Cdn(
            edges=self.edges,
            edge_capacity=self.edge_capacity,
            shield_capacity=self.shield_capacity if self.shielded else 0,
            objects=self.objects,
            alpha=self.alpha,
            rate=self.rps,
            edge_s=self.edge_ms / 1e3,
            shield_s=self.shield_ms / 1e3,
            origin_s=self.origin_ms / 1e3,
            ttl_s=self.ttl_s if self.expires else inf,
            stale_s=self.swr_s,
            coalesce=self.coalesce == "yes",
            purge_at_s=self.purged_at_s,
        )
