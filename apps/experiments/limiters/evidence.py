"""What is known when a rate-limiting run has ended, before anything is made of it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from apps.experiments.limiters.journal import Decisions
from apps.experiments.openloop import late_ms
from apps.experiments.zipf import Floats

LATE_MS = 1.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that was recorded in a run. `bytes_per_key` is the most that was seen, `outage_s` how long Redis was
    gone, `waits_s` how late each request was begun and `slip_s` how late with a client free: nothing if untimed."""

    decisions: Decisions
    bytes_per_key: int
    placement: str
    script: str = ""  # what Redis ran
    outage_s: float = 0.0
    waits_s: Floats = field(default_factory=lambda: np.empty(0))
    slip_s: Floats = field(default_factory=lambda: np.empty(0))
    gaps_us: Sequence[int] = ()  # between each read and its write
    counted: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def late_ms(self) -> float:
        """Return how late the latest hundredth of the requests began with a client free; 0 if nothing was timed."""
        return late_ms(self.slip_s)

    @property
    def generator_late(self) -> bool:
        """Return whether requests came in clumps, for our own generator was late."""
        return self.late_ms > LATE_MS
