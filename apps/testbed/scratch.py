"""Where do throw-away files live, and who clears them when their owner was killed?

A scratch directory holds a lock that the kernel frees when its owner ends, however that happens, and a list
of the process groups that belong to it. The janitor takes each free lock, kills what is left of the groups
and removes the directory. A lock is no process number: a stranger cannot be mistaken for the owner.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from apps.testbed.errors import EngineError
from apps.testbed.processes import LINUX, group_members, kill_group, kill_tree, started_at
from apps.testbed.users import ServiceUser, private_directory

GET_FLAGS, SET_FLAGS, TOP_DIRECTORY = 0x80086601, 0x40086602, 0x00020000  # linux/fs.h, as on 64-bit machines
LOCK, GROUPS = "owner.lock", "groups"
LONGEST_BASE = 48  # bytes: a socket's whole path must stay under 104 (macOS) or 108 (Linux)
# Root's servers run as another user, who must be able to walk through to the directories made for it.
MODE = 0o711 if os.geteuid() == 0 else 0o700


def scratch_base() -> Path:
    """Return the directory that holds scratch directories: the system's, unless its name is too long."""
    base = Path(tempfile.gettempdir()).resolve()
    others_may_pass = all(parent.stat().st_mode & 0o001 for parent in (base, *base.parents))
    if len(os.fsencode(base)) > LONGEST_BASE or (os.geteuid() == 0 and not others_may_pass):
        return Path("/tmp")  # noqa: S108  (the directories in it are private)
    return base


def _mark() -> str:
    return f"tradeoff-{os.getuid()}-"


def _try_lock(directory: Path) -> int | None:
    """Return a descriptor that holds the directory's lock, or None if it has another owner or is gone."""
    try:
        descriptor = os.open(directory / LOCK, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        current = os.stat(directory / LOCK)  # noqa: PTH116  (compared with fstat below)
    except (BlockingIOError, FileNotFoundError):
        os.close(descriptor)
        return None
    if current.st_ino != os.fstat(descriptor).st_ino:  # removed and made again while we looked
        os.close(descriptor)
        return None
    return descriptor


def _create(directory: Path) -> int:
    """Make `directory`, locked from the moment it appears. Returns the descriptor that holds the lock."""
    hidden = Path(tempfile.mkdtemp(prefix=f".{_mark()}", dir=directory.parent))
    descriptor = os.open(hidden / LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    hidden.chmod(MODE)
    _spread(hidden)
    try:
        hidden.rename(directory)
    except OSError:
        os.close(descriptor)
        shutil.rmtree(hidden)
        raise
    return descriptor


def _spread(directory: Path) -> None:
    """Let ext4 place each directory made in this one far from the others (what `chattr +T` does), if it is ext4."""
    if not LINUX:
        return
    descriptor = os.open(directory, os.O_RDONLY)
    with suppress(OSError):
        flags = struct.unpack("l", fcntl.ioctl(descriptor, GET_FLAGS, b"\0" * 8))[0]
        fcntl.ioctl(descriptor, SET_FLAGS, struct.pack("l", flags | TOP_DIRECTORY))
    os.close(descriptor)


def room(scratch: Path, user: ServiceUser | None) -> Path:
    """Make and return a directory in a scratch directory that only `user` may enter, in a fresh place on the disk.

    ext4 without a journal passes over inodes that were freed in the last minutes, one by one: after some clusters
    have come and gone, making the 1300 files of the next one beside them takes 1.3 s instead of 60 ms. Where a
    directory is placed follows from its name, so the name is random; it is short, because sockets lie in it.
    """
    return private_directory(scratch / os.urandom(3).hex(), user)


def _ours(directory: Path) -> bool:
    """Return whether this is a real directory of ours, still there; others write to the temporary directory too."""
    try:
        status = directory.lstat()
    except FileNotFoundError:  # its owner removed it after it was listed
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()


def record_group(path: Path, group: int) -> None:
    """Note that a process group belongs to the scratch directory around `path`, if there is one."""
    for directory in (path, *path.parents):
        if (directory / LOCK).exists():
            with (directory / GROUPS).open("a", encoding="ascii") as file:
                file.write(f"{group} {started_at(group)}\n")
            return


def _kill_groups(directory: Path) -> None:
    """Kill what is left of the recorded groups; a leader that started at another time is not ours."""
    with suppress(FileNotFoundError):
        for line in (directory / GROUPS).read_text(encoding="ascii").splitlines():
            group, started = line.split()
            leader = started_at(int(group))
            if leader == started:
                kill_tree(int(group))
            elif leader is None and group_members(int(group)):
                kill_group(int(group))


def _remove(directory: Path) -> None:
    """Remove a directory, its lock last: one without a lock is then only ever the rest of a removal."""
    for entry in directory.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)  # a server that ends may be removing its own files
        elif entry.name != LOCK:
            entry.unlink(missing_ok=True)
    shutil.rmtree(directory, ignore_errors=True)


def clear(directory: Path) -> bool:
    """Clear one stale scratch directory and what still runs in it. Returns False if it has a living owner."""
    descriptor = _try_lock(directory)
    if descriptor is None and (directory / LOCK).exists():
        return False
    with suppress(FileNotFoundError):  # its owner, or another janitor, was quicker
        _kill_groups(directory)
        _remove(directory)
    if descriptor is not None:
        os.close(descriptor)
    return True


def sweep() -> list[Path]:
    """Clear every scratch directory of this user whose owner is gone, and return those cleared."""
    found = [path for path in scratch_base().glob(f"{_mark()}*") if _ours(path)]
    return [path for path in found if clear(path)]


@contextmanager
def owned_directory(directory: Path) -> Iterator[Path]:
    """Own `directory`, made afresh, until the end. Raises EngineError if somebody else has it."""
    if directory.is_symlink() or directory.exists():
        if not _ours(directory):
            raise EngineError(f"{directory} is not ours: remove it, or use another data directory.")
        if not clear(directory):
            raise EngineError(f"{directory} is in use by another process.")
    try:
        descriptor = _create(directory)
    except OSError as error:
        raise EngineError(f"Cannot make {directory}: {error.strerror}.") from error
    try:
        yield directory
    finally:
        _remove(directory)
        os.close(descriptor)


@contextmanager
def scratch_directory(prefix: str) -> Iterator[Path]:
    """Give a new directory for throw-away files, cleared at the end. Clears those of killed owners first."""
    sweep()
    name = f"{_mark()}{prefix}-{os.urandom(4).hex()}"
    with owned_directory(scratch_base() / name) as directory:
        yield directory
