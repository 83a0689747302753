"""Can the site start here? Each thing that stands in the way is one line that says what to change."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


class CannotStart(Exception):  # noqa: N818  (the name says it)
    """Why the site cannot start. The message is one line for people."""


def require_platform() -> None:
    """Raise CannotStart where the embedded servers do not exist."""
    if sys.platform == "win32":
        raise CannotStart("Tradeoff runs on Linux and macOS. On Windows, use the Windows Subsystem for Linux.")


def require_port(host: str, port: int) -> None:
    """Raise CannotStart if nobody may listen there."""
    other = f"choose another one, for example PORT={port + 1 if 1024 <= port < 65535 else 8000}"
    if not 1 <= port <= 65535:
        raise CannotStart(f"PORT={port} is no port: choose one from 1 to 65535.")
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise CannotStart(f"HOST={host} is no address of this machine: {error.strerror}.") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(f"Port {port} is taken: stop what uses it, or {other}.") from None
        if error.errno == errno.EACCES:
            raise CannotStart(f"This user may not listen on port {port}: {other}.") from None
        raise CannotStart(f"Cannot listen on HOST={host}, PORT={port}: {error.strerror}.") from None


@contextmanager
def sole_owner(data_dir: Path, address: str) -> Iterator[None]:
    """Hold the data directory, made if need be. Raises CannotStart if another site or nobody can write there."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(data_dir / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CannotStart(f"Cannot write to DATA_DIR={data_dir}: {error.strerror}.") from None
    with os.fdopen(descriptor, "r+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = lock.read().strip() or "another process"
            raise CannotStart(
                f"Tradeoff already runs with DATA_DIR={data_dir} ({who}): stop it, or set another DATA_DIR."
            ) from None
        lock.truncate()
        lock.write(f"process {os.getpid()}, {address}")
        lock.flush()
        yield
