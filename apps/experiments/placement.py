"""Which process runs on which core? Left to the host, one round trip takes 30 µs or 86 µs by luck; so we say where.

A thread inherits the cores of the thread that starts it, and a server's new process those of its parent: pin first,
then connect and start the clients.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

UNPINNED = "not pinned to cores"
OURSELVES = 0  # the calling thread, for the kernel


def cores() -> list[int]:
    """Return the cores that we may use, in order; none where processes cannot be pinned (macOS)."""
    return sorted(os.sched_getaffinity(OURSELVES)) if hasattr(os, "sched_getaffinity") else []


@contextmanager
def pinned(plan: Mapping[str, tuple[int, Sequence[int | None]]]) -> Iterator[str]:
    """Keep processes on single cores until the end, and hand out in words where they are.

    `plan` maps a name to the number of its core (counted among ours, wrapping round) and its process numbers; 0 is
    the calling thread. A server that is not ours has the number None: then nothing is pinned, for half a placement
    would be worse than none.
    """
    ours = cores()
    numbers = [number for _, numbers in plan.values() for number in numbers]
    if not ours or None in numbers:
        yield UNPINNED
        return
    before: dict[int, set[int]] = {}
    try:
        try:
            for core, members in plan.values():
                for number in (number for number in members if number is not None):
                    before[number] = os.sched_getaffinity(number)
                    os.sched_setaffinity(number, {ours[core % len(ours)]})
            words = _in_words({name: ours[core % len(ours)] for name, (core, _) in plan.items()})
        except OSError:  # it has ended, or we may not touch it
            _put_back(before)
            words = UNPINNED
        yield words
    finally:
        _put_back(before)


def unpin(number: int) -> None:
    """Let a process use every core that we may use; for a server that was started while we were pinned."""
    with suppress(OSError):  # it has ended
        if ours := cores():
            os.sched_setaffinity(number, ours)


def _put_back(before: dict[int, set[int]]) -> None:
    for number, former in before.items():
        with suppress(OSError):
            os.sched_setaffinity(number, former)
    before.clear()


def _in_words(placed: Mapping[str, int]) -> str:
    """Return "client and Redis on core 0, PostgreSQL on core 1"."""
    by_core: dict[int, list[str]] = {}
    for name, core in placed.items():
        by_core.setdefault(core, []).append(name)
    return ", ".join(f"{' and '.join(names)} on core {core}" for core, names in sorted(by_core.items()))
