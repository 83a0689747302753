"""What must be true before the first page? Tables as the code wants them, static files hashed, content loaded."""

from __future__ import annotations

import hashlib
import os
import signal
import traceback
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError

from apps.core import static
from apps.core.stack.output import Writer
from apps.core.stack.preconditions import CannotStart
from apps.testbed.supervisor import tie_to_parent

PREPARED = "prepared"


def prepare_in_child() -> None:
    """Prepare in a forked child, whose memory is then given back. Raises CannotStart if it failed.

    A fork and not a new process: Django is loaded already, which saves most of a second at every start.
    """
    parent = os.getpid()
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            tie_to_parent(parent)
            os.write(tell, _problem().encode())
        finally:  # never back into the parent's code
            os._exit(0)
    os.close(tell)
    try:
        with os.fdopen(told, encoding="utf-8") as answer:
            problem = answer.read()
        os.waitpid(child, 0)
    except BaseException:  # told to stop: nothing of ours goes on
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    if problem != PREPARED:
        raise CannotStart(problem or "The site could not be prepared: its process was killed.")


def _problem() -> str:
    """Prepare, and return PREPARED or one line on what went wrong."""
    try:
        prepare()
    except OperationalError as error:
        where = "DATABASE_URL" if os.environ.get("DATABASE_URL") else "The embedded PostgreSQL"
        return f"{where}: {_first_line(error)}"
    except (CommandError, DatabaseError, OSError) as error:
        return f"The site could not be prepared: {_first_line(error)}"
    except KeyboardInterrupt:
        return "Stopped before the site was ready."
    except Exception:  # noqa: BLE001  (a bug: everything there is to know)
        traceback.print_exc()
        return "The site could not be prepared; the lines above say why."
    return PREPARED


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def prepare() -> None:
    """Migrate, collect static files if any changed, and import content. Safe to repeat."""
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    collect_static()
    import_content()


def import_content() -> None:
    """Import what `content/` holds. A mistake in a lesson is told; the site starts with what was imported before."""
    output = Writer("content")
    try:
        call_command("content", "import", stdout=output, stderr=output)
    except CommandError as error:
        output.write(f"{error} The site starts with the content that it had.\n")


def collect_static() -> None:
    """Hash and compress the static files, unless none changed since the last time."""
    stamp, digest = settings.STATIC_ROOT / ".digest", static_digest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True, skip_checks=True)
    stamp.write_text(digest, encoding="ascii")


def static_digest() -> str:
    """Return a digest of every static file's name, size and time of change, and of how they are stored."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode() + Path(static.__file__).read_bytes())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))  # noqa: PTH116  (a string already)
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
