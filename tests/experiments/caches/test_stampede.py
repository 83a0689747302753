from concurrent.futures import ThreadPoolExecutor
from math import exp
from random import Random
from threading import Barrier

import pytest

from apps.experiments.caches.stampede import BETA, Flights, refresh_now


def test_of_all_who_want_a_product_one_is_the_pilot():
    flights, together = Flights(), Barrier(8, timeout=5)

    def join(number):
        together.wait()
        return flights.join(7)[1]

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(join, range(8))) == 1


def test_those_who_wait_get_what_the_pilot_brought():
    flights = Flights()
    flight, _ = flights.join(7)
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(flights.join(7)[0].wait) for _ in range(2)]
        flight.version = 42
        flights.land(7, flight)
        assert [one.result(5) for one in waiting] == [42, 42]


def test_a_flight_that_failed_brings_nothing():
    flights = Flights()
    flight, _ = flights.join(7)
    flights.land(7, flight)
    assert flight.wait() is None
    assert flights.join(7)[1]  # and the next one may try


def test_products_do_not_wait_for_each_other():
    flights = Flights()
    assert flights.join(1)[1]
    assert flights.join(2)[1]


def test_a_copy_that_has_ended_is_refreshed_for_sure():
    assert refresh_now(0.1, 0.0, 1.0)
    assert refresh_now(0.1, -1.0, 0.5)


@pytest.mark.parametrize("left_s", [0.05, 0.1, 0.3])
def test_the_chance_to_refresh_early_falls_by_e_with_each_query_time_left(left_s):
    random = Random(3)
    share = sum(refresh_now(0.1, left_s, 1 - random.random()) for _ in range(40_000)) / 40_000
    assert share == pytest.approx(exp(-left_s / (BETA * 0.1)), abs=0.01)


@pytest.mark.parametrize("rate", [50, 500])
def test_early_refreshes_come_e_at_a_time_whatever_the_traffic(rate):
    random, counts, took = Random(5), [], 0.1
    for _ in range(400):
        at, ends, first, count = 0.0, 1.2, None, 0
        while first is None or at < first + took:
            at += random.expovariate(rate)
            if (first is None or at < first + took) and refresh_now(took, ends - at, 1 - random.random()):
                first, count = (at if first is None else first), count + 1
        counts.append(count)
    assert sum(counts) / len(counts) == pytest.approx(exp(1 / BETA), rel=0.2)
