"""Has the server started, and if not, what did it say?"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from apps.testbed.errors import EngineError

LONGEST_SOCKET = 103  # bytes; macOS allows 103 and a closing zero, Linux 107
# "2026-11-20 13:54:38.087 UTC [30848] " by PostgreSQL, "30848:M 20 Nov 2026 13:54:38.087 # " by Redis.
STAMP = re.compile(r"^(\S+ \S+ \w+ \[\d+\] |\d+:\w \d+ \w+ \d+ [\d:.]+ \W )")


def short_enough(socket: Path) -> Path:
    """Return the path of a socket. Raises EngineError if the kernel would refuse one that long."""
    if len(os.fsencode(socket)) > LONGEST_SOCKET:
        raise EngineError(f"The path of the socket {socket} is longer than {LONGEST_SOCKET} bytes.")
    return socket


def size(log: Path) -> int:
    """Return how long a log is (bytes); what a server says next begins there."""
    return log.stat().st_size if log.exists() else 0


def last_words(log: Path, since: int) -> str:
    """Return the last three lines of a log after byte `since` as one, without the times at their beginnings."""
    text = log.read_bytes()[since:].decode(errors="replace") if log.exists() else ""
    return "; ".join(spoken_lines(text)[-3:]) or "it said nothing"


def spoken_lines(text: str) -> list[str]:
    """Return the lines of a server's output that are not empty, without the times at their beginnings."""
    return [STAMP.sub("", line).strip() for line in text.splitlines() if line.strip()]


def wait_until_ready(
    name: str,
    process: subprocess.Popen[bytes],
    ready: Callable[[], bool],
    *,
    log: Path,
    since: int,
    timeout_s: float,
) -> None:
    """Return once `ready()` is true. Raises EngineError with the server's words if it ends or is too slow."""
    deadline = time.monotonic() + timeout_s
    while not ready():
        if process.poll() is not None:
            raise EngineError(f"{name} did not start: {last_words(log, since)} (all of it in {log})")
        if time.monotonic() > deadline:
            words = last_words(log, since)
            raise EngineError(f"{name} did not answer within {timeout_s:g} s: {words} (all of it in {log})")
        time.sleep(0.01)
