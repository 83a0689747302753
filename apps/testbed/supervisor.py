"""How do we start a process that never outlives us?

Each process gets its own session and group, so that it can be stopped with everything it started. On Linux
the kernel also sends it a signal when the thread that started it ends (PR_SET_PDEATHSIG): start servers from
a thread that lives as long as they should, best the main one. Elsewhere (macOS) nothing like it exists: a
killed parent leaves its servers running until the next `scratch.sweep()`.
"""

from __future__ import annotations

import ctypes
import os
import signal as signals
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from apps.testbed.errors import EngineError
from apps.testbed.processes import LINUX, kill_group, kill_tree
from apps.testbed.users import ServiceUser

PR_SET_PDEATHSIG = 1
# Loaded here: between fork and exec is no place to load a library.
_prctl = ctypes.CDLL(None, use_errno=True).prctl if LINUX else None


def tie_to_parent(parent: int, death_signal: signals.Signals = signals.SIGKILL) -> None:
    """Let this process get a signal when `parent`, who forked it just now, ends. Where that exists."""
    if _prctl is not None:
        _prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked: no signal would ever come
        os._exit(1)


def spawn(
    argv: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    log: Path | None = None,
    piped: bool = False,
    stdin: int = subprocess.DEVNULL,
    user: ServiceUser | None = None,
    parent_death_signal: signals.Signals = signals.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start a program in its own session that dies with us, and return it.

    Its output is appended to `log`, or can be read from `.stdout` if `piped`, or is dropped. It reads from the
    descriptor `stdin`, or nothing.
    Raises EngineError if the program cannot be started.
    """
    parent = os.getpid()
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600) if log else None
    try:
        return subprocess.Popen(
            [os.fspath(part) for part in argv],
            cwd=cwd,
            env=env,
            stdin=stdin,
            stdout=subprocess.PIPE if piped else output if output is not None else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=[] if user else None,
            # Runs after the change of user, which would undo it.
            preexec_fn=lambda: tie_to_parent(parent, parent_death_signal),
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineError(f"Cannot start {argv[0]}: {error}") from error
    finally:
        if output is not None:
            os.close(output)


def stop(
    process: subprocess.Popen[bytes],
    *,
    signal: signals.Signals = signals.SIGTERM,
    grace_s: float = 10.0,
) -> int:
    """Ask the process to end, kill it with all it started after `grace_s` seconds, and return its exit code."""
    if process.poll() is None and signal != signals.SIGKILL:
        process.send_signal(signal)
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace_s)
    if process.poll() is None:
        kill_tree(process.pid)
    kill_group(process.pid)  # what it left
    code = process.wait()
    if process.stdout is not None:
        process.stdout.close()
    return code
