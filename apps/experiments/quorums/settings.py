"""What was set for a quorum run? The parameters, typed, and the store that they describe."""

from __future__ import annotations

from dataclasses import dataclass

from apps.experiments.params import Params
from apps.simulator.quorums.system import Cut, Legs, Store
from apps.simulator.services import Deterministic, Exponential, LogNormal, Service

LOGNORMAL_SCV = 4.0  # squared coefficient of variation: the slowest hundredth takes 8.5 times the mean
FAR_CLIENTS = {"majority": 0.0, "minority": 1.0, "both": 0.5}


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a quorum run."""

    n: int
    r: int
    w: int
    send_to: str
    repair: str
    delay: str
    write_delay_ms: float
    ack_ms: float
    read_ms: float
    timeout_ms: float
    rate: float
    objects: int
    read_after_ms: float
    duration_s: float
    partition: str
    partition_at_s: float
    partition_s: float
    side: str

    @classmethod
    def of(cls, params: Params) -> Settings:
        """Return cleaned parameters as settings."""
        return cls(**params)  # type: ignore[arg-type]

    @property
    def overlap(self) -> bool:
        """Return whether every R copies share one with every W."""
        return self.r + self.w > self.n

    @property
    def cut_off(self) -> int:
        """Return how many copies the partition separates from the others."""
        return {"none": 0, "minority": (self.n - 1) // 2, "half": self.n // 2}[self.partition]

    @property
    def crowding(self) -> float:
        """Return about how many other writes to an object are under way between a write and its read."""
        window_ms = 2 * (self.write_delay_ms + self.ack_ms + self.read_ms) + self.read_after_ms
        return self.rate / self.objects * window_ms / 1e3

    def law(self, mean_ms: float) -> Service:
        """Return the law of the time of one message."""
        mean_s = mean_ms / 1e3
        if self.delay == "fixed" or mean_s == 0:
            return Deterministic(mean_s)
        return Exponential(mean_s) if self.delay == "exponential" else LogNormal.with_mean(mean_s, LOGNORMAL_SCV)

    def cut(self) -> Cut | None:
        """Return the partition, or None."""
        if not self.cut_off:
            return None
        return Cut(self.partition_at_s, self.partition_s, self.cut_off, FAR_CLIENTS[self.side])

    def store(self) -> Store:
        """Return the store."""
        legs = [self.law(mean) for mean in (self.write_delay_ms, self.ack_ms, self.read_ms, self.read_ms)]
        return Store(
            copies=self.n,
            reads=self.r,
            writes=self.w,
            legs=Legs(*legs),
            rate=self.rate,
            read_after_s=(self.read_after_ms / 1e3, self.read_after_ms / 1e3),
            objects=self.objects,
            timeout_s=self.timeout_ms / 1e3,
            spread=self.send_to == "all",
            repair=self.repair == "yes",
            cut=self.cut(),
        )
