"""Does the site bring back what dies, at the same address, and say so?"""

import os
import signal

import pytest

from tests.site import is_ready, running_site, until

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
