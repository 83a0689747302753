"""Does a run wait for a busy machine, and not for ever?"""

import pytest

from apps.experiments import hostload


class FakeClock:
    def __init__(self):
        self.time = 0.0

    def now(self):
        return self.time

    def sleep(self, seconds):
        self.time += seconds


@pytest.fixture
def kernel(monkeypatch):
    """A kernel that tells of a machine as busy as the test says; time passes only when somebody sleeps."""
    clock, machine = FakeClock(), {"busy": 0.0}

    def ticks():
        return round(clock.time * 1e6 * machine["busy"]), round(clock.time * 1e6)

    monkeypatch.setattr(hostload, "ticks", ticks)
    return clock, machine


def follow(steps):
    notes = []
    while True:
        try:
            notes.append(next(steps).note)
        except StopIteration as end:
            return notes, end.value


def test_a_calm_machine_is_used_at_once(kernel):
    clock, _ = kernel
    assert follow(hostload.calm_down(clock)) == ([], 0.0)


def test_a_busy_machine_is_waited_for_and_then_used_and_told_of(kernel):
    clock, machine = kernel
    machine["busy"] = 0.9
    notes, busy = follow(hostload.calm_down(clock))
    assert set(notes) == {hostload.NOTE}
    assert busy == pytest.approx(0.9, abs=0.001)
    assert clock.time == pytest.approx(hostload.PATIENCE_S, abs=0.2)


def test_the_kernels_own_count_can_be_read_where_there_is_one():
    if hostload.STAT.exists():
        busy, everything = hostload.ticks()
        assert 0 < busy < everything


def test_nothing_is_said_of_a_kernel_that_tells_nothing():
    assert hostload.busy_share(None, (1, 2)) is None
    assert hostload.busy_share((5, 10), (5, 10)) is None
    assert hostload.busy_share((5, 10), (10, 20)) == 0.5
