"""What was set for a sharding run? The parameters, typed, and the shards before and after the change."""

from __future__ import annotations

from dataclasses import dataclass

from apps.experiments.params import Params

RINGS = ("ring", "bounded-ring")
SAMPLE = 1_000  # keys from which split points are learned


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a sharding run."""

    scheme: str
    shards: int
    vnodes: int
    load_factor: float
    keys: int
    alpha: float
    popular: str
    event: str
    hit_ratio: float

    @classmethod
    def of(cls, params: Params) -> Settings:
        """Return cleaned parameters as settings."""
        return cls(**params)  # type: ignore[arg-type]

    @property
    def before(self) -> tuple[int, ...]:
        """Return the shards, by number."""
        return tuple(range(self.shards))

    @property
    def changed(self) -> int:
        """Return the number of the shard that is added, or removed: one in the middle, for failures do not choose."""
        return self.shards if self.event == "shard-added" else self.shards // 2

    @property
    def after(self) -> tuple[int, ...]:
        """Return the shards after the change."""
        if self.event == "shard-added":
            return (*self.before, self.changed)
        return tuple(shard for shard in self.before if self.event == "none" or shard != self.changed)

    @property
    def everyone(self) -> tuple[int, ...]:
        """Return all shards that there ever are."""
        return max(self.before, self.after, key=len)

    def entries(self) -> int:
        """Return how many numbers a client keeps to find the shard of a key, after the change."""
        shards = len(self.after)
        return {"range": shards - 1, "ring": self.vnodes * shards, "bounded-ring": self.vnodes * shards}.get(
            self.scheme, 0
        )
