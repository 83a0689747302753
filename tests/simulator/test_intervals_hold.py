"""The interval of a percentile holds the truth, also near saturation; a ratio is a quotient of sums."""

from math import inf, isfinite, isnan

import numpy as np
import pytest

from apps.simulator import theory
from apps.simulator.arrivals import OnOff, Poisson
from apps.simulator.network import Network, Station
from apps.simulator.run import simulate
from apps.simulator.services import Deterministic, Exponential
from apps.simulator.statistics import BATCHES, BINS, bin_of, estimate, percentile, ratio_estimate

SEEDS = range(60)


def binned(*batches):
    """Return the histogram of some batches of seconds; the rest of the batches is empty."""
    bins = np.zeros((BATCHES, BINS), dtype=np.int64)
    for row, batch in zip(bins, batches, strict=False):
        for seconds in batch:
            row[bin_of(seconds)] += 1
    return bins


@pytest.mark.parametrize(
    ("utilisation", "least", "widest"), [(0.5, 57, 0.2), (0.8, 57, 0.4), (0.9, 55, 0.6), (0.95, 54, 0.8)]
)
def test_the_99th_percentile_of_the_wait_lies_in_its_interval(utilisation, least, widest):
    """And the interval says something: half of them are narrower than a share of the truth, and none is infinite."""
    truth = theory.mmc_wait_percentile(utilisation, 1.0, 1, 0.99)
    network = Network({"q": Station(Exponential(1.0))}, {"q": Poisson(utilisation)})
    reports = [simulate(network, customers=200_000, seed=seed).stations["q"] for seed in SEEDS]
    found = [report.wait_percentile(0.99) for report in reports]
    assert sum(each.holds(truth) for each in found) >= least
    assert all(isfinite(each.half_width) for each in found)
    assert np.median([each.half_width for each in found]) < widest * truth


def test_a_percentile_of_equal_times_is_known_within_its_bin():
    found = percentile(binned(*[[1.0] * 100] * BATCHES), 0.99)
    assert found.holds(1.0)
    assert found.half_width < 0.01


def test_a_percentile_bears_batches_without_values():
    random = np.random.default_rng(1)
    found = percentile(binned(*random.exponential(1.0, (BATCHES - 7, 400))), 0.9)
    assert isfinite(found.half_width)
    assert found.holds(np.log(10.0))


def test_too_few_values_leave_the_upper_end_open():
    assert percentile(binned([1.0, 2.0, 3.0], [2.0, 4.0]), 0.99).half_width == inf
    assert percentile(binned(), 0.99).half_width == inf


def test_a_ratio_is_the_quotient_of_the_sums_whatever_the_batches_weigh():
    above, below = np.array([1.0, 30.0, 29.0]), np.array([0.1, 60.0, 59.9])
    assert ratio_estimate(above, below).value == pytest.approx(0.5)
    assert np.mean(above / below) > 3
    assert ratio_estimate(above, below).holds(0.5)


def test_a_ratio_of_equal_batches_is_their_mean_with_its_interval():
    above = np.random.default_rng(2).normal(5.0, 1.0, BATCHES)
    found, plain = ratio_estimate(above, np.full(BATCHES, 2.0)), estimate(above / 2.0)
    assert (found.value, found.half_width) == pytest.approx((plain.value, plain.half_width))


def test_a_ratio_of_nothing_is_not_a_number_and_one_batch_has_no_interval():
    assert isnan(ratio_estimate(np.zeros(3), np.zeros(3)).value)
    assert ratio_estimate(np.array([1, 0]), np.array([4, 0])).half_width == inf
    assert ratio_estimate(np.array([1, 0]), np.array([4, 0])).value == 0.25


def test_few_batches_widen_the_interval_by_students_t():
    assert estimate(np.array([0.0, 2.0])).half_width == pytest.approx(12.706205)
    assert estimate(np.array([0.0, 2.0, np.nan])).half_width == pytest.approx(12.706205)


@pytest.mark.parametrize("service", [Deterministic(0.01), Exponential(0.01)])
def test_servers_are_never_busier_than_all_the_time_when_requests_come_in_bursts(service):
    """Twenty short batches, each with a burst or none; what is in service when a batch ends is done in the next."""
    network = Network({"q": Station(service, servers=64)}, {"q": OnOff(5_120.0, 0.3, 0.3)})
    for seed in range(10):
        found = simulate(network, customers=10_000, seed=seed).stations["q"]
        assert 0.5 < found.utilisation.value <= 1.0 + 1e-9


def test_busy_servers_add_up_to_the_time_they_were_busy():
    """Against the log: how long each visit was served between the first and the last arrival that count."""
    customers, warm_up = 2_000, 200
    network = Network({"q": Station(Exponential(1.0), servers=4)}, {"q": Poisson(3.2)})
    report = simulate(network, customers=customers, seed=3, visits=customers)
    came, began, left = report.log[:, 2], report.log[:, 2] + report.log[:, 3], report.log[:, 4]
    begin, end = came[warm_up], came[-1]
    busy = np.clip(left, begin, end) - np.clip(began, begin, end)
    assert report.stations["q"].utilisation.value == pytest.approx(busy.sum() / (end - begin) / 4, rel=1e-9)
