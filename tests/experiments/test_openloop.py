from threading import Barrier, Event

import numpy as np
import pytest

from apps.experiments import openloop
from apps.experiments.clock import RealClock
from apps.experiments.openloop import OpenLoop, late_ms, poisson_schedule
from tests.site import until

CLOCK = RealClock()


def finish(loop):
    while not loop.done():
        CLOCK.sleep(0.005)


def test_arrivals_come_at_the_asked_rate_and_bunch_as_chance_does():
    schedule = poisson_schedule(1000, 20, np.random.default_rng(2))
    assert len(schedule) == pytest.approx(20_000, rel=0.03)
    gaps = np.diff(schedule)
    assert gaps.std() == pytest.approx(gaps.mean(), rel=0.05)


def test_every_request_is_carried_out_once_and_not_before_its_time():
    served = []
    schedule = np.linspace(0, 0.2, 100)
    with OpenLoop(schedule, [served.append] * 3, CLOCK) as loop:
        finish(loop)
    assert sorted(served) == list(range(100))
    assert (loop.begun >= schedule).all()
    assert (loop.ended >= loop.begun).all()


def test_a_stall_shows_in_the_latency_of_all_that_came_meanwhile():
    def serve(i):
        CLOCK.sleep(0.2 if i == 0 else 0)

    schedule = np.linspace(0, 0.1, 11)
    with OpenLoop(schedule, [serve], CLOCK) as loop:
        finish(loop)
    latency = loop.ended - schedule
    assert latency[0] >= 0.2
    assert (latency[1:] >= 0.09).all()  # a closed loop would have called these fast
    assert np.isnan(loop.slip[1:]).all()  # and the generator is not to blame for them


def test_requests_overlap_up_to_the_number_of_clients():
    both = Barrier(2, timeout=5)
    with OpenLoop(np.zeros(2), [lambda i: both.wait()] * 2, CLOCK) as loop:
        finish(loop)
    loop.check()


def test_leaving_stops_the_clients_in_the_middle():
    served = []
    with OpenLoop(np.linspace(0, 60, 600), [served.append] * 2, CLOCK) as loop:
        while not served:
            CLOCK.sleep(0.005)
    assert loop.done()
    assert len(served) < 600


def test_the_failure_of_a_client_stops_all_and_is_raised_where_the_run_is_watched():
    def fail(i):
        raise ZeroDivisionError

    with OpenLoop(np.linspace(0, 60, 600), [fail, fail], CLOCK) as loop:
        finish(loop)
        with pytest.raises(ZeroDivisionError):
            loop.check()


def test_a_request_that_hangs_is_noticed():
    release = Barrier(2, timeout=5)
    with OpenLoop(np.zeros(1), [lambda i: release.wait()], CLOCK) as loop:
        while loop.stuck_s() < 0.05:
            CLOCK.sleep(0.005)
        release.wait()
        finish(loop)
    assert loop.stuck_s() == 0.0


def test_a_client_that_waits_for_ever_is_cut_loose(monkeypatch):
    monkeypatch.setattr(openloop, "JOIN_S", 0.05)
    line = Event()
    with OpenLoop(np.zeros(1), [lambda i: line.wait(60)], CLOCK, cut=line.set) as loop:
        while loop.stuck_s() == 0:
            CLOCK.sleep(0.005)
    until(loop.done, within_s=30, what="the client was cut loose, long before its minute was over")


def test_how_late_the_generator_was_is_told_by_its_latest_hundredth_and_nothing_if_no_client_was_free():
    slip = np.concatenate([np.linspace(0.0, 0.010, 101), np.full(500, np.nan)])
    assert late_ms(slip) == pytest.approx(9.9)
    assert late_ms(np.full(5, np.nan)) == 0
