"""Does a process start in a group of its own, and end with all it started?"""

import signal

import pytest

from apps.testbed.errors import EngineError
from apps.testbed.processes import group_members
from apps.testbed.supervisor import spawn, stop
from tests.site import until

STUBBORN = "trap '' TERM; echo ready; while :; do sleep 0.1; done"


def test_its_output_goes_to_the_log(tmp_path):
    spawn(["sh", "-c", "echo one; echo two >&2"], log=tmp_path / "log").wait()
    assert (tmp_path / "log").read_text() == "one\ntwo\n"


def test_it_leads_a_group_of_its_own():
    process = spawn(["sleep", "600"])
    assert group_members(process.pid) == [process.pid]
    assert stop(process) == -signal.SIGTERM


def test_what_it_started_ends_with_it():
    process = spawn(["sh", "-c", "sleep 600 & sleep 600 & wait"])
    until(lambda: len(group_members(process.pid)) == 3, within_s=5, what="both children run")
    stop(process)
    until(lambda: group_members(process.pid) == [], within_s=5, what="nothing is left")


def test_one_that_will_not_go_is_killed_after_the_grace():
    process = spawn(["sh", "-c", STUBBORN], piped=True)
    assert process.stdout.readline() == b"ready\n"
    assert stop(process, grace_s=0.2) == -signal.SIGKILL


def test_a_program_that_does_not_exist_is_named():
    with pytest.raises(EngineError, match="Cannot start /no/such/program"):
        spawn(["/no/such/program"])
