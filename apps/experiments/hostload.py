"""Is the machine free for a measurement? Other people's work shows in the kernel's own count of busy time."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

from apps.experiments.base import Sample
from apps.experiments.clock import Clock

STAT = Path("/proc/stat")
LOOK_S = 0.1  # ten ticks of the kernel's clock a core
CALM = 0.5  # busy share of all cores up to which a run starts at once
PATIENCE_S = 3.0
NOTE = "Waiting for the machine to calm down"
IDLE, WAITING_FOR_DISK = 3, 4

Ticks = tuple[int, int]  # busy, all


def ticks() -> Ticks | None:
    """Return the machine's ticks since it started: busy, all. None where the kernel does not tell (not Linux)."""
    with suppress(OSError):
        counts = [int(part) for part in STAT.read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]
        return sum(counts) - counts[IDLE] - counts[WAITING_FOR_DISK], sum(counts)
    return None


def busy_share(before: Ticks | None, after: Ticks | None) -> float | None:
    """Return the share of all cores' time that was busy between two readings, 0 to 1; None if it is not known."""
    if before is None or after is None or after[1] <= before[1]:
        return None
    return round((after[0] - before[0]) / (after[1] - before[1]), 3)


def calm_down(clock: Clock) -> Generator[Sample, None, float | None]:
    """Wait, at most 3 s, until the machine is at most half busy, and return how busy it is (0 to 1)."""
    give_up_at = clock.now() + PATIENCE_S
    while True:
        before = ticks()
        clock.sleep(LOOK_S)
        busy = busy_share(before, ticks())
        if busy is None or busy <= CALM or clock.now() >= give_up_at:
            return busy
        yield Sample(note=NOTE)
