"""Whatever dies in the middle of a run, the page ends with a result or a reason, and the next run works."""

import os
import signal
import time

import pytest

from tests.faults.visitor import Visitor, parent, site_server, wait_for_end, wait_for_points
from tests.site import command, descendants, is_ready, running_site, until

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def site():
    with running_site() as running:
        yield running


@pytest.fixture
def visitor(site):
    until(lambda: is_ready(site), within_s=30, what="the site is well again")
    return Visitor(site)


def lab_child(site):
    """Return the process that carries runs out: the newest of the interactive worker's."""
    return max(site.pids("interactive@"))


def test_a_killed_worker_child_costs_one_attempt(site, visitor):
    run = visitor.start()
    wait_for_points(site, run)
    os.kill(lab_child(site), signal.SIGKILL)
    ended = wait_for_end(site, run)
    assert ended["state"] == "done"
    assert "started again" in ended["reason"]


def test_a_killed_worker_is_replaced_and_its_run_done_again(site, visitor):
    run = visitor.start()
    wait_for_points(site, run)
    main = min(site.pids("interactive@"))
    servers = {pid for pid in descendants(main) if "postgres" in command(pid) or "redis-server" in command(pid)}
    assert servers, "the lab's servers are children of its worker"
    os.kill(main, signal.SIGKILL)
    until(lambda: not any(command(pid) for pid in servers), within_s=10, what="the dead worker's servers are gone")
    assert wait_for_end(site, run)["state"] == "done"


def test_a_restart_of_the_web_server_is_not_noticed_by_the_run(site, visitor):
    run = visitor.start()
    wait_for_points(site, run)
    os.kill(site.pids("uvicorn")[0], signal.SIGKILL)
    ended = wait_for_end(site, run)
    assert (ended["state"], ended["reason"]) == ("done", "")


def test_a_killed_broker_comes_back_and_the_run_goes_on(site, visitor):
    run = visitor.start()
    wait_for_points(site, run)
    os.kill(site_server(site, "redis-server"), signal.SIGKILL)
    ended = wait_for_end(site, run)
    assert (ended["state"], ended["reason"]) == ("done", "")
    assert len(ended["series"]["hit_ratio"]) >= 10, "no point is lost with the stream"
    assert wait_for_end(site, visitor.start(duration_s="2"))["state"] == "done"


def test_a_killed_database_comes_back_and_the_result_is_stored(site, visitor):
    run = visitor.start()
    wait_for_points(site, run)
    os.kill(site_server(site, "postgres"), signal.SIGKILL)
    assert wait_for_end(site, run)["state"] == "done"
    assert wait_for_end(site, visitor.start(duration_s="2"))["state"] == "done"


def test_a_database_that_is_away_longer_than_a_lease_costs_a_healthy_run_nothing(site, visitor):
    """The leases of all runs have run out when it comes back; their workers are well and renew them."""
    run = visitor.start(duration_s="30")
    wait_for_points(site, run)
    os.kill(site.process.pid, signal.SIGSTOP)  # nobody starts it again for a while
    os.kill(site_server(site, "postgres"), signal.SIGKILL)
    back_at = time.monotonic() + 13
    try:
        until(lambda: time.monotonic() > back_at, within_s=20, what="the leases have run out")
    finally:
        os.kill(site.process.pid, signal.SIGCONT)
    ended = wait_for_end(site, run)
    assert (ended["state"], ended["reason"]) == ("done", ""), "nothing was started again"


def test_killed_lab_servers_fail_the_run_with_a_reason_and_not_the_next_one(site, visitor):
    run = visitor.start()
    wait_for_points(site, run)
    for pid in site.pids("redis-server"):
        if parent(pid) != site.process.pid:
            os.kill(pid, signal.SIGKILL)
    ended = wait_for_end(site, run)
    assert ended["state"] == "failed"
    assert "Redis" in ended["reason"]
    assert wait_for_end(site, visitor.start(duration_s="2"))["state"] == "done"
