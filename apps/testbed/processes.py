"""Is this still the same process? A number is used again; a number with its start time is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

LINUX = sys.platform == "linux"


@cache
def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def _stat_fields(pid: int) -> list[str]:
    """Return the fields of /proc/<pid>/stat after the name; the name may hold spaces and brackets."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()


def started_at(pid: int) -> str | None:
    """Return a mark of when process `pid` started, or None if it does not run (a zombie does not)."""
    if not LINUX:
        shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
        return "-".join(shown.stdout.split()) or None
    try:
        fields = _stat_fields(pid)
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else f"{_boot()}/{fields[19]}"


def command(pid: int) -> str:
    """Return the command line of process `pid`, "" if it does not run."""
    if not LINUX:
        return subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    try:  # not with ps, which a minimal system lacks
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return os.fsdecode(b" ".join(words)).strip()


def _all_processes() -> list[tuple[int, int, int]]:
    """Return (process, its parent, its group) of every running process."""
    if not LINUX:
        shown = subprocess.run(["ps", "-axo", "pid=,ppid=,pgid="], capture_output=True, text=True).stdout
        rows = [[int(word) for word in line.split()] for line in shown.splitlines()]
        return [(pid, parent, group) for pid, parent, group in rows]
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(FileNotFoundError, ProcessLookupError):  # it ended while we looked
                state, parent, group, *_ = _stat_fields(int(entry.name))
                if state not in "ZX":
                    found.append((int(entry.name), int(parent), int(group)))
    return found


def group_members(group: int) -> list[int]:
    """Return the running processes of one process group."""
    return [pid for pid, _, its_group in _all_processes() if its_group == group]


def descendants(pid: int) -> list[int]:
    """Return every running process below `pid`, whatever its group."""
    rows, found = _all_processes(), [pid]
    for above in found:  # grows while we walk it
        found += [child for child, parent, _ in rows if parent == above]
    return found[1:]


def working_in(directory: Path) -> list[int]:
    """Return the processes whose working directory this is. Known on Linux only; elsewhere none."""
    found = []
    for entry in Path("/proc").glob("[0-9]*") if LINUX else ():
        with suppress(OSError):  # it ended while we looked, or is another user's
            if (entry / "cwd").readlink() == directory:
                found.append(int(entry.name))
    return found


def kill_group(group: int) -> None:
    """Kill every process of a group at once; a group that is gone is fine."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def kill_tree(leader: int) -> None:
    """Kill a running leader, its group and all below it: PostgreSQL's processes each have a group of their own."""
    below = descendants(leader)
    kill_group(leader)  # first, so that it starts no new ones
    for pid in below:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
