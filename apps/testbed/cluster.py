"""How is a PostgreSQL data directory made, checked and opened again? Before any server runs on it."""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from apps.testbed.engines import Engine
from apps.testbed.errors import EngineError
from apps.testbed.processes import command, kill_tree, working_in
from apps.testbed.readiness import spoken_lines
from apps.testbed.users import ServiceUser, private_directory, private_file

USER = DATABASE = "tradeoff"
OURS = "tradeoff.conf"  # our settings; included, so that ALTER SYSTEM wins over them
KNOWN_PASSWORD = "tradeoff.password"  # noqa: S105  (the name of a file that holds a hash)
ORPHAN_GRACE_S = 5.0
REMOVE_SEGMENT = 0  # IPC_RMID
_libc = ctypes.CDLL(None)


def environment() -> dict[str, str]:
    """Return our environment without libpq's variables and with a locale that every host has."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))} | {"LC_ALL": "C"}


def lock(data: Path) -> int:
    """Return a descriptor that owns `data` until it is closed. Raises EngineError if somebody has it."""
    descriptor = os.open(data.with_name(f"{data.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise EngineError(f"Another process runs the database in {data}.") from None
    return descriptor


def prepare(found: Engine, data: Path, password: str, user: ServiceUser | None, *, sync: bool) -> None:
    """Make sure that `data` holds a cluster of this version with this password. Raises EngineError."""
    if not data.exists() or not any(data.iterdir()):
        _create(found, data, password, user, sync=sync)
        return
    mark = data / "PG_VERSION"
    if not mark.exists():
        raise EngineError(f"{data} is not a PostgreSQL data directory: move it away, then start again.")
    made_by, ours = mark.read_text(encoding="ascii").strip(), str(found.order[0])
    if made_by != ours:
        raise EngineError(
            f"{data} was made by PostgreSQL {made_by} and this is {ours}: move it away, "
            "or dump it with the old version and load the dump into a new one."
        )
    end_orphan(data)
    if _hash(password) != _known_hash(data):
        _set_password(found, data, password, user)


def _create(found: Engine, data: Path, password: str, user: ServiceUser | None, *, sync: bool) -> None:
    """Make a cluster beside `data` and move it there when it is complete: half a cluster is never found."""
    draft = data.with_name(f"{data.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    private_directory(draft, user)
    secret = private_file(data.with_name(f"{data.name}.pw"), password, user)
    # Built-in locale: right case for all of Unicode on every host, sorted by code point. New in version 17.
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if found.order[0] >= 17 else []
    try:
        _run(
            [
                *(found.path.parent / "initdb", "--pgdata", draft, "--username", USER, "--pwfile", secret),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", *builtin),
                *([] if sync else ["--no-sync"]),
            ],
            user,
        )
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(f"include_if_exists '{OURS}'\n")
        single(found, draft, f"CREATE DATABASE {DATABASE};", user, sync=sync)
    finally:
        secret.unlink()
    _remember(draft, password, user)
    if data.exists():
        data.rmdir()
    draft.rename(data)


def single(
    found: Engine,
    data: Path,
    statements: str,
    user: ServiceUser | None,
    *,
    sync: bool = True,
    database: str = "postgres",
) -> None:
    """Run statements, one a line, with no server about (single-user mode). Raises EngineError if one fails."""
    fast = [] if sync else ["-F"]
    _run([found.path, "--single", *fast, "-D", data, database], user, statements)


def _run(argv: list[str | Path], user: ServiceUser | None, given: str = "") -> None:
    """Run one of PostgreSQL's programs to its end. Raises EngineError with its last line if it fails."""
    done = subprocess.run(
        [os.fspath(part) for part in argv],
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
        input=given,
        capture_output=True,
        text=True,
        cwd="/",
        env=environment(),
    )
    told = spoken_lines(done.stderr)
    wrong = [line for line in told if re.search(r"FATAL|PANIC|ERROR|error:", line)]
    if done.returncode or wrong:
        raise EngineError(f"{Path(argv[0]).name} failed: {(wrong or told or ['it said nothing'])[0]}")


def configure(data: Path, settings: Mapping[str, str], user: ServiceUser | None) -> None:
    """Write our settings of the next start."""
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items()]
    private_file(data / OURS, "".join(lines), user)


def end_orphan(data: Path) -> None:
    """Make way for a new server: end one that outlived its owner, and drop what a crash left behind.

    The caller holds the directory's lock, so that whatever runs on it has no owner. The number in a stale
    pid file may belong to another process by now, which would keep PostgreSQL from starting.
    """
    file = data / "postmaster.pid"
    deadline = time.monotonic() + ORPHAN_GRACE_S
    while (pid := _postmaster(data)) is not None:
        if time.monotonic() > deadline:
            kill_tree(pid)
        elif time.monotonic() > deadline - ORPHAN_GRACE_S + 1:  # it had a second to end by itself
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)
        time.sleep(0.02)
    for pid in working_in(data):  # the rest of one that was killed; it would keep the memory that they shared
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    file.unlink(missing_ok=True)


def _postmaster(data: Path) -> int | None:
    """Return the number of the server that runs on `data`, or None."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="ascii").splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    shown = command(pid)
    return pid if "postgres" in shown and str(data) in shown else None


def forget_memory(data: Path) -> None:
    """Free the memory segment that a killed server leaves: a crash takes memory along, and the host has 4096 in all."""
    with suppress(FileNotFoundError, IndexError, ValueError):
        lines = (data / "postmaster.pid").read_text(encoding="ascii").splitlines()
        _, segment = lines[6].split()
        _libc.shmctl(int(segment), REMOVE_SEGMENT, None)


def ready(data: Path, pid: int) -> bool:
    """Return whether the server `pid` accepts connections: it says so in its pid file (pg_ctl looks there)."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _hash(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()


def _known_hash(data: Path) -> str:
    file = data / KNOWN_PASSWORD
    return file.read_text(encoding="ascii") if file.exists() else ""


def _remember(data: Path, password: str, user: ServiceUser | None) -> None:
    private_file(data / KNOWN_PASSWORD, _hash(password), user)


def _set_password(found: Engine, data: Path, password: str, user: ServiceUser | None) -> None:
    """Give the cluster a new password: whoever holds the files owns the data."""
    quoted = password.replace("'", "''")
    single(found, data, f"ALTER ROLE {USER} PASSWORD '{quoted}';", user)
    _remember(data, password, user)
