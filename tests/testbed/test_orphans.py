"""What is left when the owner of servers is killed? Nothing that runs; and the janitor removes the files."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from apps.testbed import scratch
from apps.testbed.processes import descendants, started_at
from tests.site import ROOT, until

OWNER = """
import json, sys, time
from apps.testbed.postgres import postgres_server
from apps.testbed.redis import redis_server
from apps.testbed.standby import replica_set
with postgres_server() as postgres, redis_server() as redis, replica_set(2) as replicas:
    replicas.standbys[0].link.cut()
    sockets = [postgres.socket_directory, redis.socket.parent, replicas.primary.socket_directory]
    homes = [str(directory.parent) for directory in sockets]
    print(json.dumps(homes), flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def owner():
    """A process that owns servers and links, with all processes below it and the directories of the servers."""
    process = subprocess.Popen([sys.executable, "-c", OWNER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    homes = json.loads(process.stdout.readline())
    below = {pid: started_at(pid) for pid in descendants(process.pid)}
    assert len(below) >= 20, "Redis, PostgreSQL four times with the processes that this starts, and two links"
    yield process, below, [Path(home) for home in homes]
    if process.poll() is None:
        process.kill()
        process.communicate()


def living(below):
    return [pid for pid, mark in below.items() if mark is not None and started_at(pid) == mark]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the janitor ends them")
def test_no_process_outlives_an_owner_that_was_killed(owner):
    process, below, _ = owner
    process.kill()
    process.communicate()
    until(lambda: living(below) == [], within_s=5, what="every server has ended")


def test_no_process_outlives_an_owner_that_ends(owner):
    process, below, homes = owner
    process.communicate(timeout=20)
    assert living(below) == []
    assert not any(home.exists() for home in homes)


def test_the_janitor_removes_what_a_killed_owner_left(owner):
    process, below, homes = owner
    scratch.sweep()
    assert all(home.exists() for home in homes), "the owner lives: hands off"
    process.kill()
    process.communicate()
    scratch.sweep()
    until(lambda: living(below) == [], within_s=5, what="every server has ended")
    assert not any(home.exists() for home in homes)


def test_the_janitor_kills_a_group_that_outlived_its_owner():
    survivor = subprocess.Popen(["sleep", "600"], start_new_session=True)
    script = (
        "import os; from apps.testbed import scratch\n"
        f"with scratch.scratch_directory('left') as left: scratch.record_group(left, {survivor.pid}); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
    scratch.sweep()
    assert survivor.wait(5) == -signal.SIGKILL


def test_the_janitor_spares_a_process_that_got_a_dead_ones_number():
    stranger = subprocess.Popen(["sleep", "600"], start_new_session=True)
    script = (
        "import os; from apps.testbed import scratch\n"
        "with scratch.scratch_directory('left') as left:\n"
        f"    (left / 'groups').write_text('{stranger.pid} another-start\\n'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
    scratch.sweep()
    assert started_at(stranger.pid) is not None
    stranger.kill()
    stranger.wait()


def test_a_process_says_when_it_started_until_it_ends():
    process = subprocess.Popen(["sleep", "600"])
    assert started_at(process.pid) == started_at(process.pid) != started_at(os.getpid())
    process.kill()
    until(lambda: started_at(process.pid) is None, within_s=5, what="a zombie counts as ended")
    process.wait()
