"""What is left when a replication run does not come to its end? Servers that the next run can use, and nothing else."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from apps.experiments.base import ExperimentError
from apps.experiments.runner import Stopped
from apps.testbed.processes import descendants, started_at
from tests.site import ROOT, until


def pid_of(control):
    """Return the process id of the server at the other end."""
    data = control.execute("SHOW data_directory").fetchone()[0]
    return int(Path(data, "postmaster.pid").read_text().split()[0])


@pytest.mark.parametrize(
    "params", [{}, {"mode": "sync", "event": "cut-link", "event_at_s": 1, "link_kbps": 300, "link_delay_ms": 200}]
)
def test_stopping_in_the_middle_leaves_the_servers_ready_for_the_next_run(params, replicate, bench):
    seen = []
    with pytest.raises(Stopped) as stopped:
        replicate(
            duration_s=60,
            on_sample=seen.append,
            should_stop=lambda: seen[-1].progress * 60 >= params.get("event_at_s", 0) + 0.5,
            **params,
        )
    assert stopped.value.series["acked_per_s"]
    with bench.replicas(2) as servers:
        control = servers.controls[0]
        assert control.execute("SHOW synchronous_standby_names").fetchone() == ("",)
        assert servers.controls[1].execute("SHOW recovery_min_apply_delay").fetchone() == ("0",)
        servers.wait_until_caught_up(30.0)
        sessions = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        until(lambda: control.execute(sessions).fetchone()[0] <= 1, within_s=30, what="only our session is left")


@pytest.mark.parametrize("server", [0, 1])
def test_a_server_killed_by_a_stranger_ends_the_run_in_words_and_is_replaced(server, replicate, bench):
    with bench.replicas(2):
        pass  # they are up

    def kill_at_the_first_point(sample):
        if sample.points:
            os.kill(pid_of(bench.warm_replicas.server.controls[server]), signal.SIGKILL)

    with pytest.raises(ExperimentError, match=r"PostgreSQL stopped answering \d\.\d s into the run"):
        replicate(duration_s=30, mode="sync", on_sample=kill_at_the_first_point)
    assert replicate(duration_s=2).outcome.figures["acked_per_s"] > 0


def test_another_number_of_standbys_is_another_set(bench):
    with bench.replicas(1) as one:
        assert one.name.endswith("a primary and 1 standby")
        assert bench.warm("replicas", 1)
        assert not bench.warm("replicas", 2)
    with bench.replicas(1) as again:
        assert again is one
    with bench.replicas(2) as two:
        assert two.standbys == 2
        assert not one.alive()


RUNNER = """
from apps.experiments.bench import Bench
from apps.experiments.catalog.replication_lag import experiment
bench = Bench.from_environment()
params = experiment.clean({"duration_s": 60, "mode": "sync", "link_delay_ms": 20})
for sample in experiment.run(params, bench.seeded(1)):
    if sample.points:
        print("running", flush=True)
"""


@pytest.mark.measured
def test_nothing_outlives_a_process_that_is_killed_during_a_run():
    runner = subprocess.Popen([sys.executable, "-c", RUNNER], cwd=ROOT, stdout=subprocess.PIPE)
    assert runner.stdout.readline() == b"running\n"
    below = {pid: started_at(pid) for pid in descendants(runner.pid)}
    assert len(below) > 10, "three servers, what they start, and two links"
    runner.kill()
    runner.communicate()
    until(
        lambda: not any(mark and started_at(pid) == mark for pid, mark in below.items()),
        within_s=30,
        what="every server and link has ended",
    )
