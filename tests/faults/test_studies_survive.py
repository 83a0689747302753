"""A study is as strong as its runs: a death costs the run that it hits, and any number of workers share the rest."""

import os
import signal
import subprocess
import urllib.parse
from contextlib import contextmanager

import pytest
import redis

from apps.core.stack.parts import worker
from apps.testbed import embedded
from tests.faults.visitor import Visitor, answer, wait_for_end
from tests.site import NOT_INHERITED, ROOT, running_site, until

pytestmark = pytest.mark.faults
SIMULATED = {"trials": "6", "param": "utilisation", "values": "0.5 0.9", "customers": "2000000"}  # about 0.5 s each


@pytest.fixture(scope="module")
def site():
    with running_site() as running:
        yield running


def runs_of(site, study):
    """Return every run of a study as its own page tells it."""
    ids = [run["run"] for run in answer(site, f"{study}data.json")["runs"]]
    return [site.json(f"/runs/{run_id}/data.json") for run_id in ids]


def is_running(site, study):
    return "running" in {run["state"] for run in answer(site, f"{study}data.json").get("runs", [])}


def caught_in_a_run(site, study):
    """Return the process that carries runs of studies out, halted in the middle of one of this study's."""

    def caught():
        child = max(site.pids("long@"))
        os.kill(child, signal.SIGSTOP)
        if is_running(site, study) and is_running(site, study):
            return child
        os.kill(child, signal.SIGCONT)  # it was between two runs
        return None

    return until(caught, within_s=60, what="a run goes on")


def test_a_killed_worker_costs_a_study_one_attempt_of_one_run(site):
    study = Visitor(site).study("queueing", **SIMULATED)
    until(lambda: answer(site, f"{study}data.json").get("done"), within_s=60, what="the first run is done")
    child = caught_in_a_run(site, study)
    before = [run for run in runs_of(site, study) if run["state"] == "done"]
    os.kill(child, signal.SIGKILL)
    ended = wait_for_end(site, study, within_s=120)
    assert (ended["state"], ended["done"], ended["failed"]) == ("done", 12, 0)
    assert [point["n"] for point in ended["points"]] == [6, 6]
    runs = runs_of(site, study)
    assert sum("started again" in run["reason"] for run in runs) == 1
    for known in before:
        assert known in runs, "what was there stays"


@contextmanager
def second_worker(site, log):
    """Yield a worker for studies as another machine would have it: the same command and environment, another name."""
    part = worker("long")
    argv = [word.replace("long@%h", "long@another-machine") for word in part.argv]
    kept = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    own = {"DATA_DIR": str(site.data_dir), "LOG_FORMAT": "json", "LOG_LEVEL": "INFO", **part.environment}
    with log.open("wb") as out:
        process = subprocess.Popen(argv, cwd=ROOT, env={**kept, **own}, stdout=out, stderr=subprocess.STDOUT)
    with redis.Redis.from_url(embedded.addresses(site.data_dir).redis_url) as broker:
        sign = "worker:long:long@another-machine"
        until(lambda: broker.exists(sign), within_s=30, what="the second worker is there")
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def test_two_workers_share_one_study(site, tmp_path):
    log = tmp_path / "second.log"
    with second_worker(site, log):
        study = Visitor(site).study("queueing", **SIMULATED)
        ended = wait_for_end(site, study, within_s=120)
        here = log.read_text().count('"run_ended"')
    assert (ended["state"], ended["done"], ended["total"]) == ("done", 12, 12)
    assert 1 <= here <= 11, f"both took part; the second worker said:\n{log.read_text()[-3000:]}"
    assert [run["reason"] for run in runs_of(site, study)] == [""] * 12, "no run was carried out twice"


def test_a_stopped_study_stops_the_run_that_goes_on(site):
    visitor = Visitor(site)
    study = visitor.study(duration_s="20")
    until(lambda: is_running(site, study), within_s=60, what="the first run goes on")
    token = next(cookie.value for cookie in visitor.jar if cookie.name == "csrftoken")
    form = urllib.parse.urlencode({"csrfmiddlewaretoken": token}).encode()
    visitor.opener.open(f"{site.url}{study}stop/", form)
    ended = wait_for_end(site, study, within_s=15)
    assert ended["state"] == "stopped"
    assert {run["state"] for run in ended["runs"]} == {"stopped"}
