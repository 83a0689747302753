"""What is left of the site after it was told to stop, or was killed? Nothing that runs."""

import os
import signal
import subprocess
import sys

import pytest

from apps.testbed import embedded
from apps.testbed.processes import started_at
from tests.site import ROOT, descendants, is_ready, running_site, until

pytestmark = pytest.mark.faults


@pytest.fixture
def site():
    with running_site() as running:
        yield running


def all_marks(site):
    """Return every process of the site with the time of its start."""
    pids = descendants(site.process.pid)
    assert len(pids) >= 8, "web, three workers, beat, PostgreSQL and Redis at least"
    return {pid: started_at(pid) for pid in pids}


def living(marks):
    return [pid for pid, mark in marks.items() if mark is not None and started_at(pid) == mark]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_everything_in_order(site, number):
    marks = all_marks(site)
    site.process.send_signal(number)
    assert site.process.wait(20) == 0
    assert living(marks) == []
    assert not embedded.run_directory(site.data_dir).exists()
    assert "Traceback" not in site.log.read_text()


def test_a_second_signal_kills_at_once(site):
    marks = all_marks(site)
    (web,) = site.pids("uvicorn")
    os.kill(web, signal.SIGSTOP)  # one that would take its whole grace
    site.process.send_signal(signal.SIGINT)
    until(lambda: "Stopping." in site.log.read_text(), within_s=5, what="the first signal is heard")
    site.process.send_signal(signal.SIGINT)
    assert site.process.wait(3) == 130
    until(lambda: living(marks) == [], within_s=3, what="nothing is left")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start clears up")
def test_nothing_outlives_a_site_that_was_killed_and_the_next_start_works(site):
    marks = all_marks(site)
    site.process.kill()
    site.process.wait()
    until(lambda: living(marks) == [], within_s=5, what="nothing is left")

    port = site.url.rpartition(":")[2]
    again = subprocess.Popen(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env={**without_servers(), "DATA_DIR": str(site.data_dir), "PORT": port},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: answers(site), within_s=20, what="the site serves again, with the data that it had")
    finally:
        again.terminate()
        assert again.wait(20) == 0


def answers(site):
    try:
        return site.json("/health/live") == {"status": "live"}
    except OSError:
        return False


def without_servers():
    return {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}


def test_a_second_site_on_the_same_data_is_refused(site):
    done = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT, env={**without_servers(), "DATA_DIR": str(site.data_dir)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith(f"Tradeoff already runs with DATA_DIR={site.data_dir} (process {site.process.pid}")
    assert len(done.stderr.splitlines()) == 1
    assert is_ready(site)
