"""Do pinned processes stay on their core, and are they let go again?"""

import os
import subprocess
from threading import Thread

import pytest

from apps.experiments.placement import UNPINNED, cores, pinned, unpin

pytestmark = pytest.mark.skipif(not cores(), reason="this system cannot pin processes")


def test_the_calling_thread_and_the_threads_it_starts_stay_on_the_core_and_are_let_go():
    before, seen = os.sched_getaffinity(0), []
    with pinned({"client": (0, [0])}) as words:
        thread = Thread(target=lambda: seen.append(os.sched_getaffinity(0)))
        thread.start()
        thread.join()
        seen.append(os.sched_getaffinity(0))
    assert seen == [{cores()[0]}] * 2
    assert os.sched_getaffinity(0) == before
    assert words == f"client on core {cores()[0]}"


def test_who_shares_a_core_is_said_in_one_breath():
    with pinned({"client": (0, [0]), "Redis": (0, [os.getpid()])}) as words:
        assert words == f"client and Redis on core {cores()[0]}"


@pytest.mark.parametrize("number", [None, 2**22 - 1])
def test_nothing_is_pinned_where_one_of_them_cannot_be(number):
    before = os.sched_getaffinity(0)
    with pinned({"client": (0, [0]), "Redis": (0, [number])}) as words:
        assert (words, os.sched_getaffinity(0)) == (UNPINNED, before)


def test_a_process_that_was_started_on_our_core_is_let_go():
    with pinned({"client": (0, [0])}):
        process = subprocess.Popen(["sleep", "60"])
    try:
        assert os.sched_getaffinity(process.pid) == {cores()[0]}
        unpin(process.pid)
        assert os.sched_getaffinity(process.pid) == set(cores())
    finally:
        process.kill()
        process.wait()
    unpin(process.pid)  # it has ended: nothing to do
