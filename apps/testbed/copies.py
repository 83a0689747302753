"""How do several servers start from one cluster, and start so again and again?"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from apps.testbed.errors import EngineError
from apps.testbed.users import ServiceUser, private_directory


def copy(source: Path, targets: Sequence[Path], user: ServiceUser | None) -> None:
    """Make each target what `source` is, a cluster on which no server runs. Raises EngineError.

    A target that exists is not made anew but set right: making and removing thousands of files again and again is
    what slows a file system down (`scratch.room`).
    """
    fresh = [target for target in targets if not target.exists()]
    copying = [subprocess.Popen(["cp", "-Rp", source, target], stderr=subprocess.PIPE) for target in fresh]
    for target in targets:
        if target not in fresh:
            _set_right(source, target, user)
    for process in copying:
        _, said = process.communicate()
        if process.returncode:
            raise EngineError(f"Cannot copy {source}: {said.decode(errors='replace').strip()}")


def _set_right(source: Path, target: Path, user: ServiceUser | None) -> None:
    """Give `target` the files of `source`; what has the same size and time of change is the same."""
    there, here = _entries(source), _entries(target)
    for name in sorted(here.keys() - there.keys(), reverse=True):  # a directory after what is in it
        (target / name).rmdir() if here[name] is None else (target / name).unlink()
    for name, mark in sorted(there.items()):
        if name in here and here[name] == mark:
            continue
        if mark is None:
            private_directory(target / name, user)
            continue
        shutil.copyfile(source / name, target / name)
        shutil.copystat(source / name, target / name)
        if user is not None:
            os.chown(target / name, user.uid, user.gid)


def _entries(top: Path) -> dict[str, tuple[int, int] | None]:
    """Return size and time of change of each file below `top`, None for a directory, by relative name."""
    found: dict[str, tuple[int, int] | None] = {}
    todo = [""]
    while todo:
        above = todo.pop()
        with os.scandir(top / above) as entries:
            for entry in entries:
                name = f"{above}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    found[name] = None
                    todo.append(f"{name}/")
                else:
                    status = entry.stat(follow_symlinks=False)
                    found[name] = status.st_size, status.st_mtime_ns
    return found
