import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from apps.experiments.limiters import judge
from apps.experiments.limiters.algorithms import Policy
from apps.experiments.limiters.journal import BLIND, Journal
from tests.experiments.limiters.patterns import most_within

SECOND = 1_000_000
RULE = Policy(2, SECOND, 2)


def journal_of(*rows):
    """Return a journal of (due, verdict) rows, each decided when it was due; a verdict of None is none yet."""
    journal = Journal(np.array([due for due, _ in rows], dtype=np.int64))
    for i, (due, verdict) in enumerate(rows):
        if verdict is not None:
            journal.write(i, due, verdict)
    return journal


@given(st.lists(st.integers(0, 300), min_size=1, max_size=60), st.integers(1, 120))
def test_the_worst_window_is_found_wherever_it_begins(moments, width):
    moments.sort()
    assert judge.worst_window(np.array(moments), width) == most_within(moments, width)


def test_nothing_admitted_makes_no_window():
    assert judge.worst_window(np.empty(0, dtype=np.int64), SECOND) == 0


def test_leaked_is_what_an_exact_limiter_would_have_refused():
    decisions = journal_of((0, 0), (1, 0), (2, 0), (3, 0), (SECOND, 0)).read()
    assert judge.leaked("sliding-log", RULE, decisions) == 2


def test_who_refuses_too_much_leaks_nothing():
    assert judge.leaked("sliding-log", RULE, journal_of((0, -5), (1, -5)).read()) == 0


def test_what_waits_in_a_queue_counts_when_it_leaves():
    assert journal_of((0, 0), (10, 700), (20, 300)).read().leaves.tolist() == [0, 320, 710]


def test_a_request_without_a_decision_is_neither_admitted_nor_rejected():
    decisions = journal_of((0, 0), (1, None), (2, -7)).read()
    assert decisions.decided.tolist() == [True, False, True]
    assert decisions.admitted.tolist() == [True, False, False]


def test_what_was_decided_without_redis_is_marked():
    journal = journal_of((0, 0), (1, 0))
    journal.write(1, 1, 0, BLIND)
    assert journal.read().blind.tolist() == [False, True]


def test_a_part_of_the_journal_holds_what_was_due_in_it():
    assert journal_of((0, 0), (5, 0), (9, 0)).read(5, 9).due.tolist() == [5]


def test_latency_counts_from_the_moment_a_request_was_due():
    decisions = journal_of((1_000, 0), (2_000, 0), (3_000, None)).read(ended=np.array([0.0015, 0.004, np.nan]))
    assert judge.latencies_ms(decisions).tolist() == [0.5, 2.0]


def test_points_tell_of_a_tenth_of_a_second_and_of_the_fullest_window_that_ends_in_it():
    decisions = journal_of((0, 0), (10, 0), (950_000, -1), (SECOND + 20_000, 0), (SECOND + 30_000, -1)).read()
    points = judge.points(decisions, SECOND + judge.BIN, RULE)
    assert points == {
        "in_window": (1.1, 1.0),
        "limit": (1.1, 2.0),
        "offered_per_bin": (1.1, 2.0),
        "admitted_per_bin": (1.1, 1.0),
    }
    assert judge.points(decisions, judge.BIN, RULE)["in_window"] == (0.1, 2.0)
    assert judge.points(decisions, 5 * judge.BIN, RULE)["in_window"] == (0.5, 2.0)


@given(st.lists(st.integers(0, 3 * SECOND - 1), min_size=1, max_size=50))
def test_the_highest_point_of_the_chart_is_the_worst_window(moments):
    decisions = journal_of(*((moment, 0) for moment in sorted(moments))).read()
    heights = [
        judge.points(decisions, end, RULE)["in_window"][1] for end in range(judge.BIN, 3 * SECOND + 1, judge.BIN)
    ]
    assert max(heights) == judge.worst_window(decisions.leaves, SECOND)
