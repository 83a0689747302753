import os
import subprocess
import sys

import pytest

from apps.experiments.clock import RealClock
from apps.experiments.hostlock import NOTE, hold


def taken(path):
    """Return the descriptor of a lock that is free, without waiting."""
    with pytest.raises(StopIteration) as end:
        next(hold(path, RealClock()))
    return end.value.value


def test_a_free_machine_is_taken_at_once(tmp_path):
    os.close(taken(tmp_path / "lock"))


def test_the_second_run_waits_and_says_why(tmp_path):
    first = taken(tmp_path / "lock")
    waiting = hold(tmp_path / "lock", RealClock())
    assert next(waiting).note == NOTE
    assert next(waiting).note == NOTE
    os.close(first)
    with pytest.raises(StopIteration) as end:
        next(waiting)
    os.close(end.value.value)


def test_a_run_that_stops_waiting_leaves_nothing_behind(tmp_path):
    first = taken(tmp_path / "lock")
    waiting = hold(tmp_path / "lock", RealClock())
    next(waiting)
    waiting.close()
    os.close(first)
    os.close(taken(tmp_path / "lock"))


def test_a_killed_run_gives_the_machine_back(tmp_path):
    path = tmp_path / "lock"
    code = (
        "import sys, pathlib\nfrom apps.experiments.hostlock import hold\n"
        "try: next(hold(pathlib.Path(sys.argv[1]), None))\n"
        "except StopIteration: print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen([sys.executable, "-c", code, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with other:
        assert other.stdout.readline() == b"held\n"
        waiting = hold(path, RealClock())
        assert next(waiting).note == NOTE
        other.kill()
        other.wait()
        with pytest.raises(StopIteration) as end:
            next(waiting)
    os.close(end.value.value)


def test_a_link_in_the_place_of_the_lock_is_not_followed(tmp_path):
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError):
        next(hold(tmp_path / "lock", RealClock()))
    assert not (tmp_path / "elsewhere").exists()


def test_a_series_of_runs_gets_in_line_behind_who_came_meanwhile(tmp_path):
    path = tmp_path / "lock"
    first_of_series = taken(path)
    learner = hold(path, RealClock())
    assert next(learner).note == NOTE
    os.close(first_of_series)
    second_of_series = hold(path, RealClock())
    assert next(second_of_series).note == NOTE, "the machine is free, but somebody was here before"
    with pytest.raises(StopIteration) as end:
        next(learner)
    os.close(end.value.value)
    with pytest.raises(StopIteration) as end:
        next(second_of_series)
    os.close(end.value.value)
