"""What is configured, found and running here, and what is wrong? Each wrong thing comes with what to change."""

from __future__ import annotations

import fcntl
import http.client
import os
import platform
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from apps.core import health
from apps.core.stack.preconditions import CannotStart, require_port
from apps.core.workers import worker_ages
from apps.testbed.engines import Engine, postgres_engines, redis_engines

LEAST_FREE_GB = 1.0
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TIMEOUT_S = 3
NOT_STARTED = "not running; manage.py up starts it"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report. `wrong` says what to change; "" means that all is well."""

    section: str
    name: str
    value: str
    wrong: str = ""


def examine() -> list[Row]:
    """Return the whole report. Works whether the site runs or not, and changes nothing."""
    return [*configured(), *found(), *running(running_site())]


def configured() -> Iterator[Row]:
    """Yield what the environment says, and the default where it says nothing."""
    part = "configured"
    yield Row(part, "DATA_DIR", str(settings.DATA_DIR), _unwritable(settings.DATA_DIR))
    yield Row(part, "SITE_URL", settings.SITE_URL)
    yield Row(part, "PORT", str(settings.PORT))
    for name in ("DATABASE_URL", "REDIS_URL"):
        yield Row(part, name, _place(os.environ.get(name), "embedded in DATA_DIR"))
    for name in ("LAB_POSTGRES_DSN", "LAB_REDIS_URL"):
        yield Row(part, name, _place(os.environ.get(name), "throw-away servers of each lab worker"))
    made = (settings.DATA_DIR / "secrets.json").exists()
    yield Row(part, "SECRET_KEY", "set" if os.environ.get("SECRET_KEY") else "in DATA_DIR" if made else "not made yet")
    public = urlsplit(settings.SITE_URL).hostname not in {"localhost", "127.0.0.1", "::1"}
    yield Row(
        part, "DEBUG", "on" if settings.DEBUG else "off",
        "DEBUG=1 shows the code's inside to visitors of SITE_URL: unset it." if settings.DEBUG and public else "",
    )  # fmt: skip


def _unwritable(directory: Path) -> str:
    """Return "" if the directory can be written, or made, else what to change."""
    nearest = next(path for path in (directory, *directory.parents) if path.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return ""
    return f"{nearest} cannot be written by this user: set DATA_DIR to a directory that can."


def _place(url: str | None, default: str) -> str:
    """Return where a URL or DSN leads, without the password."""
    if not url:
        return default
    parts = urlsplit(url)
    return (parts.hostname or parts.path or "set") if parts.scheme else "set"


def found() -> Iterator[Row]:
    """Yield the programs and the room that the site and its tests use."""
    part = "found"
    yield Row(part, "Python", f"{platform.python_version()} at {sys.executable}")
    yield Row(part, "machine", f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores")
    yield _engine_row("PostgreSQL", postgres_engines(), "DATABASE_URL")
    yield _engine_row("Redis", redis_engines(), "REDIS_URL")
    browser = next(filter(None, map(shutil.which, BROWSERS)), "none; only the browser tests need one")
    yield Row(part, "Chromium", browser)
    nearest = next(path for path in (settings.DATA_DIR, *settings.DATA_DIR.parents) if path.exists())
    free_gb = shutil.disk_usage(nearest).free / 1e9
    yield Row(
        part, "free disk", f"{free_gb:.1f} GB at {nearest}",
        "" if free_gb >= LEAST_FREE_GB else f"less than {LEAST_FREE_GB:g} GB: make room, or set another DATA_DIR.",
    )  # fmt: skip


def _engine_row(name: str, engines: list[Engine], variable: str) -> Row:
    shown = "; ".join(f"{engine.name} {engine.version} at {engine.path}" for engine in engines)
    needed = not engines and not os.environ.get(variable)
    wrong = f"none for this machine: install one on PATH, or set {variable}." if needed else ""
    return Row("found", name, shown or "none", wrong)


def running_site() -> str:
    """Return what the site that runs on this DATA_DIR says about itself, "" if none does."""
    try:
        with (settings.DATA_DIR / "up.lock").open(encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return lock.read() or "yes"
    except OSError:
        return ""
    return ""


def running(site: str) -> Iterator[Row]:
    """Yield who answers. That the site's own parts do not run is no fault while the site is not started."""
    part = "running"
    yield Row(part, "site", site or NOT_STARTED)
    if site:
        yield _asked("web", f"http://localhost:{settings.PORT}", "look at its log, and give the doctor the same PORT.")
        yield _asked("SITE_URL", settings.SITE_URL, "no request for it arrives here: set SITE_URL, or mend the proxy.")
    else:
        yield _port()
    yield _answering("database", "DATABASE_URL", health.database, site)
    yield _answering("redis", "REDIS_URL", health.broker, site)
    if site and not health.database():
        behind = health.migrations()
        yield Row(part, "migrations", behind or "all applied", behind)
    if site and not health.broker():
        yield _workers()


def _answering(name: str, variable: str, problem_of: Callable[[], str], site: str) -> Row:
    """Return whether a server answers that should: one that the environment names, or one of a running site."""
    external = bool(os.environ.get(variable))
    if not site and not external:
        return Row("running", name, NOT_STARTED)
    problem = problem_of()
    change = f"set {variable} to a server that answers." if external else "look at what manage.py up logs."
    return Row("running", name, problem or "answers", change if problem else "")


def _asked(name: str, url: str, change: str) -> Row:
    """Return whether the site answers at an address."""
    try:
        with urllib.request.urlopen(f"{url}/health/live", timeout=TIMEOUT_S):  # noqa: S310  (our own address)
            return Row("running", name, f"{url} answers")
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        return Row("running", name, f"{url} does not answer: {error}", change)


def _port() -> Row:
    """Return whether the site could listen."""
    host = os.environ.get("HOST") or "127.0.0.1"
    try:
        require_port(host, settings.PORT)
    except CannotStart as error:
        return Row("running", "port", f"{host}:{settings.PORT} cannot be used", str(error))
    return Row("running", "port", f"{host}:{settings.PORT} is free")


def _workers() -> Row:
    """Return when each queue's worker was last heard."""
    ages = worker_ages()
    shown = ", ".join(f"{queue} {'not heard' if age is None else f'{age:.0f} s ago'}" for queue, age in ages.items())
    silent = [queue for queue, age in ages.items() if age is None]
    wrong = f"none for {', '.join(silent)}: look at what manage.py up logs." if silent else ""
    return Row("running", "workers", shown, wrong)
