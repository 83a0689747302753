"""Which processes make the site? One web process, a worker for each queue, and beat."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# One process each for the queues of experiments: a measured run wants the machine to itself.
POOLS = {"interactive": ("prefork", 1), "long": ("prefork", 1), "maintenance": ("threads", 2)}


@dataclass(frozen=True, slots=True)
class Part:
    """One process of the site: its name in the log, its command, and what its environment has more than ours."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def web(host: str, port: int) -> Part:
    """Return the web process. Open streams get five seconds to end, then they are cut."""
    return Part(
        "web",
        (
            *(sys.executable, "-m", "uvicorn", "config.asgi:application", "--host", host, "--port", str(port)),
            *("--timeout-graceful-shutdown", "5", "--no-access-log", "--log-level", "warning"),
        ),
    )


def worker(queue: str) -> Part:
    """Return the worker of one queue. It puts back what it has not finished when it is told to end."""
    pool, concurrency = POOLS[queue]
    return Part(
        queue,
        (
            *(sys.executable, "-m", "celery", "-q", "-A", "config", "worker", "-n", f"{queue}@%h", "-Q", queue),
            *("-P", pool, "-c", str(concurrency), "--prefetch-multiplier", "1"),
            *("--without-gossip", "--without-mingle"),
        ),
        {"REMAP_SIGTERM": "SIGQUIT"},  # Celery's soft shutdown
    )


def beat(data_dir: Path) -> Part:
    """Return the clock that starts regular tasks."""
    schedule = str(data_dir / "beat")
    return Part("beat", (sys.executable, "-m", "celery", "-q", "-A", "config", "beat", "-s", schedule, "--pidfile="))


def all_parts(host: str, port: int, data_dir: Path) -> list[Part]:
    """Return every part, the web first: the others wait until it answers."""
    return [web(host, port), *(worker(queue) for queue in POOLS), beat(data_dir)]


def environment_of(part: Part, data_dir: Path, port: int) -> dict[str, str]:
    """Return the environment of a part: ours, with the values that we worked out."""
    ours = {"DATA_DIR": str(data_dir), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    if os.geteuid() == 0:  # said once for all, by `Site.run`, instead of nine lines for each worker
        silence = "ignore:You're running the worker with superuser privileges"
        ours["PYTHONWARNINGS"] = ",".join(filter(None, [os.environ.get("PYTHONWARNINGS"), silence]))
    return {**os.environ, **ours, **part.environment}
