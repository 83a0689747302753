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
SERIOUS = re.compile(r"FATAL|PANIC|ERROR|Fatal|Bad file format|Can't|Failed|could not", re.ASCII)


def short_enough(socket: Path) -> Path:
    """Return the path of a socket. Raises EngineError if the kernel would refuse one that long."""
    if len(os.fsencode(socket)) > LONGEST_SOCKET:
        raise EngineError(f"The path of the socket {socket} is longer than {LONGEST_SOCKET} bytes.")
    return socket


def size(log: Path) -> int:
    """Return how long a log is (bytes); what a server says next begins there."""
    return log.stat().st_size if log.exists() else 0


def last_words(log: Path, since: int) -> str:
    """Return the most telling line of a log after byte `since`: the last serious one, else the last."""
    lines = log.read_bytes()[since:].decode(errors="replace").strip().splitlines() if log.exists() else []
    serious = [line for line in lines if SERIOUS.search(line)]
    return (serious or lines or ["it said nothing"])[-1].strip()


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
