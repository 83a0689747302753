import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.experiments.caches import judge
from apps.experiments.caches.journal import HIT, MISS, PENDING
from tests.experiments.caches.events import reads_of


def test_the_hit_ratio_counts_the_reads_due_in_the_span_only():
    reads = reads_of((0.5, 0, MISS), (1.0, 0, HIT), (1.5, 0, MISS), (1.9, 0, HIT), (2.0, 0, MISS))
    assert judge.hit_ratio(reads, (1.0, 2.0)) == pytest.approx(2 / 3)


def test_a_read_without_an_answer_is_neither_hit_nor_miss():
    assert judge.hit_ratio(reads_of((0.1, 0, HIT), (0.2, 9, PENDING)), (0, 1)) == 1.0


def test_no_reads_make_no_hits():
    assert judge.hit_ratio(reads_of((5, 0, HIT)), (0, 1)) == 0.0


def test_the_rate_is_per_second_and_leaves_out_what_never_happened():
    assert judge.rate(np.array([0.1, 0.2, 1.9, 2.0, np.nan]), (0.0, 2.0)) == 1.5


def test_the_peak_is_found_wherever_the_fullest_second_begins():
    steady = np.arange(0, 10, 0.5)
    burst = np.array([4.9, 4.95, 5.05, 5.1, 5.6])
    assert judge.peak_rate(np.concatenate([steady, burst]), (0, 10)) == 7


@given(st.lists(st.floats(0, 9.99), min_size=1, max_size=60))
def test_the_peak_is_at_least_the_mean_and_at_most_everything(times):
    times = np.array(times)
    assert len(times) / 10 <= judge.peak_rate(times, (0, 10)) + 1e-9
    assert judge.peak_rate(times, (0, 10)) <= len(times)


def test_latency_counts_from_the_moment_a_read_was_due():
    reads = reads_of(*((second, 0.001 * (second + 1), HIT) for second in range(101)))
    assert judge.latency_ms(reads, (0, 101), 50) == pytest.approx(51)
    assert judge.latency_ms(reads, (0, 101), 99) == pytest.approx(100)


def recovering(level_back_at):
    """Return ten reads a tenth of a second for 20 s: all hits, but misses from 10 s until `level_back_at`."""
    times = np.arange(0, 20, 0.01)
    return reads_of(*((time, 0, MISS if 10 <= time < level_back_at else HIT) for time in times))


def test_recovery_is_the_end_of_the_first_second_that_is_nearly_as_good_as_before():
    reads = recovering(13.0)
    assert judge.recovery_s(reads, 10.0, 20.0, level=1.0) == pytest.approx(3.95, abs=0.051)


def test_a_cache_that_is_unharmed_has_recovered_after_the_first_second():
    assert judge.recovery_s(recovering(10.0), 10.0, 20.0, level=1.0) == 1.0


def test_a_run_that_ends_too_early_has_no_recovery():
    assert judge.recovery_s(recovering(20.0), 10.0, 20.0, level=1.0) is None


def test_live_points_tell_of_the_last_second():
    reads = reads_of((0.5, 0.001, MISS), (1.2, 0.002, HIT), (1.4, 0.004, MISS), (1.9, 0.5, MISS))
    points = judge.live_points(reads, [], 2.0)
    assert points["hit_ratio"] == (2.0, 0.5)
    assert points["db_queries_per_s"] == (2.0, 2.0)
    assert points["read_p50_ms"] == (2.0, 3.0)


def test_before_the_first_answer_there_is_no_latency_to_show():
    assert set(judge.live_points(reads_of((0.1, 9, PENDING)), [], 0.25)) == {"db_queries_per_s", "identical_queries"}
