"""What is there to look at after a crash? Each lost write, and how far every standby had come."""

from __future__ import annotations

from collections.abc import Sequence

from apps.experiments.base import Exhibit
from apps.experiments.replicas.events import Event
from apps.experiments.replicas.journal import Writes

SHOWN = 12


def exhibits(event: Event, writes: Writes, lost: Sequence[int]) -> tuple[Exhibit, ...]:
    """Return what there is to show: nothing unless the primary died."""
    if event.promoted is None or event.began_s is None:
        return ()
    return (Exhibit("The failover", _failover(event)), *_losses(event.began_s, writes, lost))


def _failover(event: Event) -> str:
    behind = event.behind or {}
    lines = [f"{event.began_s:.3f} s  the primary and its network are gone"]
    for standby, missing in sorted(behind.items(), key=lambda item: item[1]):
        had = "has received most of the log" if standby == event.promoted else f"has {missing:,} bytes less"
        lines.append(f"         standby {standby} {had}")
    taken = f"{event.promotion_s * 1e3:.0f} ms"
    lines.append(f"         standby {event.promoted} is promoted; it takes writes {taken} later")
    return "\n".join(lines)


def _losses(crash_s: float, writes: Writes, lost: Sequence[int]) -> tuple[Exhibit, ...]:
    if not lost:
        return ()
    lines = [
        f"entry {write:>6} of person {writes.authors[write]}, acknowledged at {writes.acked[write]:.3f} s, "
        f"{(crash_s - writes.acked[write]) * 1e3:.1f} ms before the crash"
        for write in lost[:SHOWN]
    ]
    if len(lost) > SHOWN:
        lines.append(f"and {len(lost) - SHOWN:,} more")
    return (Exhibit("Acknowledged and lost", "\n".join(lines)),)
