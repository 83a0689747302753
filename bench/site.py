"""On what do the benchmarks run? The real site on its own servers: the web server on one core, the load on another."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from apps.testbed.postgres import postgres_server
from apps.testbed.redis import redis_server
from apps.testbed.scratch import scratch_directory
from apps.testbed.supervisor import spawn, stop

ROOT = Path(__file__).parent.parent
CAN_PIN = hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1


def manage(environment: dict[str, str], *arguments: str) -> None:
    """Run one management command. Raises CalledProcessError with its output shown."""
    subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
    )


@contextmanager
def prepared_site() -> Iterator[dict[str, str]]:
    """Yield the environment of a migrated site with its content, on throw-away servers."""
    with ExitStack() as stack:
        data = stack.enter_context(scratch_directory("bench"))
        environment = {
            **os.environ,
            "DATA_DIR": str(data),
            "DATABASE_URL": stack.enter_context(postgres_server()).url,
            "REDIS_URL": stack.enter_context(redis_server()).url,
            "LOG_LEVEL": "WARNING",
        }
        manage(environment, "migrate", "-v0")
        manage(environment, "collectstatic", "--noinput", "-v0")
        manage(environment, "content", "import")
        yield environment


@contextmanager
def serving(environment: dict[str, str], *command: str, port: int) -> Iterator[int]:
    """Start a web server on the first core, yield its process id once it answers, stop it afterwards."""
    process = spawn([sys.executable, "-m", *command], cwd=ROOT, env={**environment, "PORT": str(port)})
    try:
        if CAN_PIN:
            os.sched_setaffinity(process.pid, {0})
        wait_for(f"http://127.0.0.1:{port}/health/live", process)
        yield process.pid
    finally:
        stop(process)


def wait_for(url: str, process: subprocess.Popen, patience_s: float = 30) -> None:
    """Return once the address answers. Raises RuntimeError if the process ends or nothing answers in time."""
    give_up_at = time.monotonic() + patience_s
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{url} did not answer")
