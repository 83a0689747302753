"""Who runs the servers? We do, or, when we are root, an unprivileged user: PostgreSQL refuses root."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from apps.testbed.errors import EngineError

SERVICE_NAME = "nobody"


@dataclass(frozen=True, slots=True)
class ServiceUser:
    """The unprivileged user that servers run as when we are root."""

    name: str
    uid: int
    gid: int


def service_user() -> ServiceUser | None:
    """Return the user that servers must run as, or None for ourselves. Raises EngineError if root has none."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(SERVICE_NAME)
    except KeyError:
        raise EngineError(
            f"PostgreSQL does not run as root and there is no user {SERVICE_NAME}: start as an ordinary user."
        ) from None
    return ServiceUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def passable(directory: Path, user: ServiceUser | None) -> bool:
    """Return whether `user` may walk through `directory`; None stands for ourselves and always may."""
    if user is None:
        return True
    resolved = directory.resolve()
    return all(_allows(path, user, stat.S_IXOTH) for path in (resolved, *resolved.parents))


def reachable(file: Path, user: ServiceUser | None) -> bool:
    """Return whether `user` may walk to `file` and read it; None stands for ourselves and always may."""
    return user is None or (passable(file.parent, user) and _allows(file.resolve(), user, stat.S_IROTH))


def _allows(path: Path, user: ServiceUser, bit: int) -> bool:
    """Return whether the mode of `path` gives `user` the right whose bit for others is `bit`."""
    status = path.stat()
    if status.st_uid == user.uid:
        bit <<= 6
    elif status.st_gid == user.gid:
        bit <<= 3
    return bool(status.st_mode & bit)


def private_directory(path: Path, user: ServiceUser | None) -> Path:
    """Make `path` (and its parents) a directory that only `user` may enter, and return it."""
    path.mkdir(parents=True, exist_ok=True)
    if user is not None:
        os.chown(path, user.uid, user.gid)
    path.chmod(0o700)
    return path


def private_file(path: Path, text: str, user: ServiceUser | None) -> Path:
    """Write `text` to `path` so that only `user` may read it, and return the path."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    if user is not None:
        os.chown(path, user.uid, user.gid)
    return path
