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


def group_members(group: int) -> list[int]:
    """Return the running processes of one process group."""
    if not LINUX:
        shown = subprocess.run(["ps", "-axo", "pid=,pgid="], capture_output=True, text=True).stdout
        pairs = (line.split() for line in shown.splitlines())
        return [int(pid) for pid, its_group in pairs if int(its_group) == group]
    members = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(FileNotFoundError, ProcessLookupError):  # it ended while we looked
                fields = _stat_fields(int(entry.name))
                if int(fields[2]) == group and fields[0] not in "ZX":
                    members.append(int(entry.name))
    return members


def kill_group(group: int) -> None:
    """Kill every process of a group at once; a group that is gone is fine."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
