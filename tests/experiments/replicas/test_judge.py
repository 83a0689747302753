import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.experiments.replicas import judge
from apps.experiments.replicas.journal import NOTHING, Journal, Reads, Writes, plan

NAN = float("nan")


def reads_of(*looks, first_look=None):
    """Return reads from (began, needed own, needed other, shown own, shown other); each took a millisecond."""
    began, *seen = (np.array(column) for column in zip(*looks, strict=True))
    needed, shown = np.stack(seen[:2], axis=1), np.stack(seen[2:], axis=1)
    return Reads(
        due=began.astype(float),
        began=began.astype(float),
        ended=began + 0.001,
        server=np.ones(len(began), dtype=np.int8),
        needed=needed,
        shown=shown,
        first_look=np.array(first_look or [NOTHING] * len(began)),
    )


def writes_of(*acked, due=None):
    return Writes(
        due=np.array(due if due is not None else [0.0] * len(acked)),
        acked=np.array(acked, dtype=float),
        cut_off=np.zeros(len(acked), dtype=bool),
        authors=[0] * len(acked),
    )


def test_a_read_is_stale_if_it_lacks_any_acknowledged_write_of_its_page():
    reads = reads_of((0, 5, 7, 5, 7), (1, 5, 7, 4, 7), (2, 5, 7, 5, 6), (3, 5, 7, 9, 8))
    assert judge.stale(reads).tolist() == [False, True, True, False]


def test_only_the_own_entry_counts_for_reading_ones_writes():
    reads = reads_of((0, 5, 7, 5, 6), (1, 5, 7, 4, 7))
    assert judge.misses_own(reads).tolist() == [False, True]


def test_a_page_without_entries_misses_nothing_before_the_first_acknowledgement():
    assert not judge.stale(reads_of((0, NOTHING, NOTHING, NOTHING, NOTHING)))[0]


def test_a_second_look_goes_back_if_it_lacks_what_the_first_showed_even_if_nothing_was_acknowledged():
    reads = reads_of((0, 1, 1, 3, 3), (0.02, 1, 1, 2, 4), first_look=[NOTHING, 0])
    assert judge.goes_back(reads).tolist() == [False, True]


def test_a_second_look_that_began_before_the_first_was_answered_is_not_judged():
    reads = reads_of((0, 1, 1, 3, 3), (0.0005, 1, 1, 2, 2), first_look=[NOTHING, 0])
    assert not judge.second_looks(reads).any()


def test_reads_that_began_outside_the_span_or_had_no_answer_are_left_out():
    reads = reads_of((0.5, 1, 1, 1, 1), (1.5, 1, 1, 1, 1), (2.5, 1, 1, 1, 1))
    reads.server[1] = NOTHING
    assert judge.answered(reads, (1.0, 3.0)).tolist() == [False, False, True]


def test_a_share_of_nothing_is_unknown_and_not_zero():
    assert judge.share(np.array([True]), np.array([False])) is None


def test_a_commit_counts_from_its_intended_start_and_one_without_answer_until_the_end():
    writes = writes_of(1.5, NAN, due=[1.0, 2.0])
    assert judge.commit_ms(writes, (0, 10), ended_by=9.0).tolist() == [500.0, 7000.0]


def test_the_longest_silence_may_begin_at_the_event_or_last_until_the_end():
    assert judge.longest_silence_s(writes_of(1.0, 4.0, 4.5), 2.0, 5.0) == 2.0
    assert judge.longest_silence_s(writes_of(2.1, 2.5, NAN), 2.0, 5.0) == 2.5
    assert judge.longest_silence_s(writes_of(NAN), 2.0, 5.0) == 3.0


def test_a_write_is_lost_only_if_it_was_acknowledged():
    writes = writes_of(1.0, NAN, 3.0, 4.0)
    assert judge.lost(writes, [0, 3]) == [2]
    assert judge.unasked(writes, [0, 1]) == 1


@given(st.lists(st.booleans(), max_size=30), st.sets(st.integers(0, 29)))
def test_acknowledged_writes_are_either_present_or_lost(acked, there):
    present = [number for number in there if number < len(acked)]
    writes = writes_of(*(1.0 if each else NAN for each in acked))
    lost = judge.lost(writes, present)
    assert sum(acked) == len(lost) + len(present) - judge.unasked(writes, present)


def test_a_heartbeat_that_was_never_seen_is_as_old_as_it_was_at_the_end():
    lags = judge.heartbeat_lags_s(np.array([1.0, 2.0, 9.0]), np.array([0.1, NAN, NAN]), (0, 5), ended_by=6.0)
    assert lags.tolist() == [0.1, 4.0]


def test_no_value_is_no_percentile():
    assert judge.percentile(np.array([NAN, NAN]), 50) is None
    assert judge.percentile(np.array([]), 50) is None
    assert judge.percentile(np.array([1.0, NAN, 3.0]), 50) == 2.0


def test_each_visit_is_two_looks_of_one_person_twenty_milliseconds_apart():
    planned = plan(50, 100, 5.0, np.random.default_rng(1))
    second = np.flatnonzero(planned.first_look != NOTHING)
    first = planned.first_look[second]
    assert len(second) * 2 == len(planned.reads) == pytest.approx(500, rel=0.2)
    assert planned.reads[second] - planned.reads[first] == pytest.approx(0.02)
    readers = np.array(planned.readers)
    assert (readers[second] == readers[first]).all()
    assert (np.diff(planned.reads) >= 0).all()


def test_a_journal_asks_a_read_for_what_was_acknowledged_before_it_began_and_no_more():
    planned = plan(200, 50, 1.0, np.random.default_rng(2))
    journal = Journal(planned)
    person = planned.readers[0]
    own = next(write for write, author in enumerate(planned.authors) if author == person)
    journal.begin_read(0, 0.5)
    journal.acknowledge(own, 0.6)
    journal.begin_read(1, 0.7)
    assert journal.needed[0] == NOTHING
    assert journal.latest[person] == own


def test_a_late_acknowledgement_of_an_older_write_does_not_take_the_newer_one_away():
    planned = plan(200, 0, 1.0, np.random.default_rng(2))
    journal = Journal(planned)
    first, second = [write for write, author in enumerate(planned.authors) if author == 3][:2]
    journal.acknowledge(second, 0.5)
    journal.acknowledge(first, 0.6)
    assert journal.latest[3] == second
