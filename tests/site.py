"""How does a test get the whole site? By `manage.py up` on a free port with data of its own, as a newcomer would."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from apps.testbed.ports import free_port
from apps.testbed.scratch import scratch_directory

ROOT = Path(__file__).parent.parent
NOT_INHERITED = {"DATABASE_URL", "REDIS_URL", "SITE_URL", "DJANGO_SETTINGS_MODULE"}  # what the tests set for themselves
GENEROUS = {
    "RUNS_ACTIVE_PER_LEARNER": "20", "RUNS_ACTIVE_PER_ADDRESS": "50", "RUNS_HOURLY_PER_ADDRESS": "900",
    "RUN_SECONDS_HOURLY_PER_LEARNER": "9000", "RUN_SECONDS_HOURLY_PER_ADDRESS": "36000",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Site:
    """A running site: its address, its directory, its supervisor, and the file with everything it said."""

    url: str
    data_dir: Path
    process: subprocess.Popen
    log: Path

    def json(self, path: str) -> dict:
        """Return what the site answers at `path`, whatever the status."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)

    def pids(self, *words: str) -> list[int]:
        """Return the processes below this site whose command line holds all the words, oldest first."""
        return sorted(pid for pid in descendants(self.process.pid) if all(word in command(pid) for word in words))


def command(pid: int) -> str:
    """Return the command line of a process, "" if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def descendants(pid: int) -> set[int]:
    """Return the ids of all processes below `pid`."""
    found = set()
    for task in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(task.read_text().rsplit(")", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            child = int(task.parent.name)
            found |= {child} | descendants(child)
    return found


def until(condition, *, within_s: float, what: str):
    """Return the first true value of `condition()`. Fails the test with `what` if there is none in time."""
    give_up_at = time.monotonic() + within_s
    while time.monotonic() < give_up_at:
        if value := condition():
            return value
        time.sleep(0.05)  # between two looks at another process; no test relies on its length
    raise AssertionError(f"not within {within_s} s: {what}")


@contextmanager
def running_site(**environment: str) -> Iterator[Site]:
    """Yield a site that is ready to run labs. It is stopped, and whatever it started is gone, at the end."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    with scratch_directory("site") as data_dir:
        own = {"DATA_DIR": str(data_dir / "data"), "PORT": str(port), "PYTHONWARNINGS": "default"}
        log = data_dir / "up.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT, env={**kept, **GENEROUS, **own, **environment}, stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip
        site = Site(f"http://localhost:{port}", data_dir / "data", process, log)
        try:
            until(lambda: is_ready(site), within_s=240, what=f"the site is ready; it said:\n{log.read_text()[-4000:]}")
            yield site
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def is_ready(site: Site) -> bool:
    """Return whether the site can serve and run labs. Fails the test at once if it has ended."""
    assert site.process.poll() is None, site.log.read_text()[-4000:]
    try:
        return site.json("/health/ready")["status"] == "ready"
    except (OSError, ValueError):
        return False
