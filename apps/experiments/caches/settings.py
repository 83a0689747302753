"""What was set for a caching run? The parameters, typed, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass

from apps.experiments.params import Params

GRACE_S = 10.0  # how long stale-while-revalidate may still serve an expired copy
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a caching run. Times in seconds, rates per second."""

    pattern: str
    eviction: str
    objects: int
    cache_fraction: float
    alpha: float
    read_fraction: float
    offered_rps: int
    ttl_s: float
    ttl_jitter: float
    stampede: str
    db_cost: str
    flush_interval_s: float
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
    def reads_per_s(self) -> float:
        """Return how many of the requests offered in a second are reads."""
        return self.offered_rps * self.read_fraction

    @property
    def writes_per_s(self) -> float:
        """Return how many of the requests offered in a second are writes."""
        return self.offered_rps * (1 - self.read_fraction)

    @property
    def on_write(self) -> str:
        """Return what a write does to the product's copy in the cache: "nothing", "deletes" or "refills" it."""
        if self.writes_per_s == 0 or self.pattern in ("none", "read-through"):
            return "nothing"
        return "deletes" if self.pattern == "cache-aside" else "refills"

    @property
    def touches_per_s(self) -> float:
        """Return how many requests a second count for the cache: writes do, unless they go round it."""
        return self.reads_per_s if self.on_write == "nothing" else float(self.offered_rps)

    @property
    def kept_share(self) -> float:
        """Return which share of those leaves a copy in the cache: all, or the reads where writes delete it."""
        return self.read_fraction if self.on_write == "deletes" else 1.0

    @property
    def steady_until_s(self) -> float:
        """Return when the undisturbed part of the run ends."""
        return self.event_at_s if self.event != "none" else self.duration_s

    @property
    def evicts(self) -> bool:
        """Return whether a full cache makes room: noeviction never does, volatile-ttl only among mortal entries."""
        return self.eviction != "noeviction" and not (self.eviction == "volatile-ttl" and self.ttl_s == 0)

    @property
    def grace_s(self) -> float:
        """Return how long Redis keeps a copy beyond its time to live, to be served while one reader refreshes it."""
        return GRACE_S if self.stampede == "stale-while-revalidate" else 0.0

    @property
    def guards_queue(self) -> bool:
        """Return whether Redis must be kept from evicting the queue of unflushed writes, as allkeys policies would."""
        return self.pattern == "write-behind" and self.eviction.startswith("allkeys-")

    @property
    def policy(self) -> str:
        """Return the `maxmemory-policy` that is really set. Beside a queue only products may go: they are mortal."""
        return self.eviction.replace("allkeys-", "volatile-") if self.guards_queue else self.eviction

    @property
    def redis_ttl_s(self) -> float:
        """Return after how many seconds Redis drops an entry, on average; 0 is never."""
        if self.ttl_s == 0:
            return DAY_S if self.guards_queue else 0.0
        return self.ttl_s + self.grace_s
