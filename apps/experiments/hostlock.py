"""How do measured runs on one machine stay out of each other's way? One file lock, whoever runs them."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

from apps.experiments.base import Sample
from apps.experiments.clock import Clock

RETRY_S = 0.25
NOTE = "Another measured run is using this machine"


def lock_file() -> Path:
    """Return the path of the lock: one for the whole machine."""
    return Path(tempfile.gettempdir()) / "tradeoff-measured.lock"


def hold(path: Path, clock: Clock) -> Generator[Sample, None, int]:
    """Wait for the lock and return the descriptor that holds it; closing it, or dying, gives it back.

    Yields a note at each attempt while another run has it. Who waits stands in a doorway, a second lock: a series of
    runs, which asks again as soon as one has ended, has to get in line behind whoever came meanwhile.
    """
    doorway = yield from _take(path.with_suffix(".next"), clock)
    try:
        return (yield from _take(path, clock))
    finally:
        os.close(doorway)


def _take(path: Path, clock: Clock) -> Generator[Sample, None, int]:
    descriptor = _open(path)
    try:
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return descriptor
            yield Sample(note=NOTE)
            clock.sleep(RETRY_S)
    except BaseException:
        os.close(descriptor)
        raise


def _open(path: Path) -> int:
    """Return a descriptor of the lock file, made if need be.

    Read-only, so that another user's file serves as well; in a shared directory anybody could have put a link
    or a pipe there, so neither is followed nor waited for. Nothing is ever read from or written to it.
    """
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    with suppress(FileNotFoundError):
        return os.open(path, flags)
    try:
        return os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:  # another run made it just now
        return os.open(path, flags)
