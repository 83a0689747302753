"""Whatever dies in the middle of a run, the page ends with a result or a reason, and the next run works."""

import http.cookiejar
import os
import re
import signal
import urllib.parse
import urllib.request

import pytest

from tests.site import command, descendants, is_ready, running_site, until

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def site():
    with running_site() as running:
        yield running


class Visitor:
    """A browser without a screen: keeps cookies, posts the lab's form."""

    def __init__(self, site):
        self.site = site
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def start(self, **settings) -> str:
        """Start a run and return its address."""
        page = self.opener.open(f"{self.site.url}/labs/caching/").read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        key = re.search(r'name="idempotency_key" value="([\w-]+)"', page)[1]
        quick = {"duration_s": "8", "objects": "1000", "reads_per_s": "200"}
        form = {"csrfmiddlewaretoken": token, "idempotency_key": key, "bet": "skip", **quick, **settings}
        answer = self.opener.open(f"{self.site.url}/labs/caching/runs/", urllib.parse.urlencode(form).encode())
        return urllib.parse.urlsplit(answer.url).path


@pytest.fixture
def visitor(site):
    until(lambda: is_ready(site), within_s=30, what="the site is well again")
    return Visitor(site)


def answer(site, path):
    """Return the JSON at `path`, or {} while the site cannot give it."""
    try:
        return site.json(path)
    except (OSError, ValueError):  # away, or a page that says so
        return {}


def points_of(site, run):
    """Return how many batches of points the run has sent."""
    events = answer(site, f"{run}points").get("events", [])
    return sum(event["event"] == "points" and '"hit_ratio"' in event["data"] for event in events)


def wait_for_points(site, run):
    until(lambda: points_of(site, run) >= 2, within_s=25, what="points arrive")


def wait_for_end(site, run, within_s=60.0):
    """Return the run once it has ended."""

    def ended():
        found = answer(site, f"{run}data.json")
        return found if found.get("state") in {"done", "failed", "stopped", "lost"} else None

    return until(ended, within_s=within_s, what="the run ends")


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


def site_server(site, program):
    """Return the site's own server: a direct child of the supervisor, not one of a lab."""
    own = [pid for pid in site.pids(program) if parent(pid) == site.process.pid]
    return min(own)


def parent(pid):
    from pathlib import Path

    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


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
