"""Does the site bring back what dies, at the same address, and say so?"""

import os
import signal
import subprocess
import sys

import pytest

from tests.site import ROOT, is_ready, running_site, until

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def site():
    with running_site() as running:
        yield running


def kill(site, *words):
    """Kill one process of the site; return how often its log has told of a restart before."""
    pid = site.pids(*words)[0]
    os.kill(pid, signal.SIGKILL)
    until(lambda: pid not in site.pids(*words), within_s=5, what=f"{words} is gone")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("web", ["uvicorn"]),
        ("interactive", ["celery", "-Q interactive"]),
        ("beat", ["celery", "beat"]),
        ("redis", ["-server unixsocket"]),
        ("postgres", ["bin/postgres -D"]),
    ],
)
def test_what_was_killed_is_back_soon(site, name, words):
    kill(site, *words)
    until(lambda: site.pids(*words), within_s=15, what=f"{name} runs again")
    until(lambda: is_ready_again(site), within_s=20, what="the site is ready again")
    assert f"| {name} was killed by SIGKILL; it starts again in" in site.log.read_text()


def is_ready_again(site):
    try:
        return is_ready(site)
    except OSError:
        return False


def test_the_doctor_finds_nothing_wrong_with_a_site_that_runs(site):
    until(lambda: is_ready_again(site), within_s=30, what="the site is ready")
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=ROOT, env={**kept, "DATA_DIR": str(site.data_dir), "PORT": site.url.rpartition(":")[2]},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"process {site.process.pid}" in done.stdout
    assert "all applied" in done.stdout
