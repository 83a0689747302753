"""What is watched? A part of the site or one of its servers: each starts, ends, and waits before it starts again."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from apps.core.stack.output import Lines
from apps.testbed.processes import kill_group, kill_tree
from apps.testbed.scratch import record_group
from apps.testbed.supervisor import spawn

FIRST_PAUSE_S, LONGEST_PAUSE_S, STEADY_S = 0.5, 10.0, 30.0


class Server(Protocol):
    """What we need of a server of the test bed."""

    process: subprocess.Popen[bytes]

    def start(self) -> None: ...


class Member:
    """One watched process: when it is due to start, and how long it waits after it has died."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.process: subprocess.Popen[bytes] | None = None
        self.due_at: float | None = None  # monotonic seconds; None: it runs, or is not wanted yet
        self._started_at, self._pause = time.monotonic(), FIRST_PAUSE_S

    @property
    def running(self) -> bool:
        """Return whether its process is there and has not been seen to end."""
        return self.process is not None

    def start(self) -> None:
        """Start it. Raises EngineError if it cannot be started."""
        self.due_at, self._started_at = None, time.monotonic()
        self.process = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        raise NotImplementedError

    def died(self) -> bool:
        """Return whether the process has ended by itself; then everything it left is killed."""
        if self.process is None or self.process.poll() is None:
            return False
        kill_group(self.process.pid)
        return True

    def start_later(self) -> float:
        """Plan the next start and return the seconds until then: twice as long each time, unless it had lived well."""
        now = time.monotonic()
        if now - self._started_at >= STEADY_S:
            self._pause = FIRST_PAUSE_S
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE_S)
        self.process, self.due_at = None, now + pause
        return pause

    def ask_to_end(self) -> None:
        """Tell the process to end in order."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill the process with everything it started, and wait until it is gone."""
        if self.process is not None:
            if self.process.poll() is None:
                kill_tree(self.process.pid)
            kill_group(self.process.pid)  # what it left
            self.process.wait()


class PartMember(Member):
    """A part of the site; its output comes through us."""

    def __init__(self, name: str, argv: tuple[str, ...], environment: dict[str, str], cwd: Path, owner: Path) -> None:
        super().__init__(name)
        self._argv, self._environment, self._cwd, self._owner = argv, environment, cwd, owner
        self.lines = Lines(name)

    def _spawn(self) -> subprocess.Popen[bytes]:
        process = spawn(self._argv, cwd=self._cwd, env=self._environment, piped=True)
        record_group(self._owner, process.pid)
        os.set_blocking(process.stdout.fileno(), False)
        return process


class ServerMember(Member):
    """An embedded server, started already; its output goes to its own log file."""

    def __init__(self, name: str, server: Server) -> None:
        super().__init__(name)
        self._server, self.process = server, server.process

    def _spawn(self) -> subprocess.Popen[bytes]:
        self._server.start()
        return self._server.process


def how_it_ended(process: subprocess.Popen[bytes]) -> str:
    """Return the end of a process in words."""
    code = process.returncode
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
