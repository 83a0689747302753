"""What PBS says of quorums holds in the store: the rows of the reference, within the run's own interval."""

from math import comb

import numpy as np
import pytest

from apps.simulator.quorums import theory
from apps.simulator.quorums.run import simulate
from apps.simulator.quorums.system import Cut, Legs, Store
from apps.simulator.services import Exponential

MEAN = 0.010
SEEDS = range(20)
INSTANT = Legs(Exponential(MEAN), Exponential(0.0), Exponential(0.0), Exponential(0.0))
SLOW = Legs(Exponential(MEAN), *[Exponential(0.001)] * 3)

VISIBLE = {
    (3, 1, 1): {0: 0.6667, 5: 0.4044, 10: 0.2453, 20: 0.0902, 50: 0.0045},
    (3, 2, 1): {0: 0.3333, 5: 0.1226, 10: 0.0451, 20: 0.0061},
    (3, 1, 2): {0: 0.3333, 5: 0.2022, 10: 0.1226, 20: 0.0451},
}
WARS = {
    (1, 1): (0.4186, 0.7854, 0.9212, 0.9961),
    (1, 2): (0.7141, 0.8948, 0.9612, 0.9981),
    (2, 1): (0.7579, 0.9674, 0.9956, 1.0),
}
WITHIN = {
    (3, 1, 1): {1: 0.3333, 2: 0.5556, 3: 0.7037, 5: 0.8683, 10: 0.9827},
    (3, 2, 1): {1: 0.6667, 2: 0.8889, 3: 0.963},
    (3, 1, 2): {1: 0.6667, 2: 0.8889, 3: 0.963},
    (5, 1, 1): {1: 0.2, 2: 0.36, 3: 0.488},
    (5, 2, 2): {1: 0.7, 2: 0.91, 3: 0.973},
    (3, 2, 2): {1: 1.0},
}


def store(copies, reads, writes, legs=INSTANT, after=0.0, objects=1_000_000, **more):
    return Store(copies, reads, writes, legs, 1_000.0, (after, after), objects, 5.0, **more)


@pytest.mark.parametrize(
    ("quorum", "after_ms", "stale"), [(q, t, stale) for q, row in VISIBLE.items() for t, stale in row.items()]
)
def test_the_formula_of_staleness_over_time_is_that_of_the_table(quorum, after_ms, stale):
    assert theory.stale_after(*quorum, MEAN, after_ms / 1e3) == pytest.approx(stale, abs=5e-5)


@pytest.mark.parametrize("quorum", VISIBLE)
def test_a_store_whose_other_messages_take_no_time_is_stale_as_the_formula_says(quorum):
    held = 0
    for seed in SEEDS:
        report = simulate(store(*quorum, after=0.005), seed=seed, seconds=20.0)
        held += report.mean(report.stale()).holds(theory.stale_after(*quorum, MEAN, 0.005))
    assert held >= 17, "95 of 100 intervals hold; fewer than 17 of 20 do in 2 of 100 series"


@pytest.mark.parametrize(("quorum", "row"), WARS.items())
def test_messages_that_all_take_time_give_the_table_of_wars(quorum, row):
    times = np.array([0.0, 0.010, 0.020, 0.050])
    assert 1 - theory.monte_carlo(store(3, *quorum, legs=SLOW), times) == pytest.approx(np.array(row), abs=0.004)
    for after, fresh in zip(times, row, strict=True):
        report = simulate(store(3, *quorum, legs=SLOW, after=after), seed=3, seconds=100.0)
        assert 1 - report.mean(report.stale()).value == pytest.approx(fresh, abs=0.005)


@pytest.mark.parametrize(("quorum", "row"), WITHIN.items())
def test_a_read_is_so_many_versions_behind_where_writes_stay_where_they_were_sent(quorum, row):
    quick = Legs(*[Exponential(1e-6)] * 4)
    report = simulate(store(*quorum, legs=quick, objects=200, spread=False), seed=4, seconds=60.0)
    for versions, chance in row.items():
        assert theory.within_versions(*quorum, versions) == pytest.approx(chance, abs=5e-5)
        within = report.mean(report.within(versions))
        assert within.value == pytest.approx(chance, abs=1.5 * within.half_width + 1e-9)
    behind = report.mean(report.behind())
    assert behind.value == pytest.approx(theory.mean_behind(*quorum), abs=1.5 * behind.half_width + 1e-9)


def test_sets_of_copies_always_meet_exactly_if_reads_and_writes_are_more_than_the_copies():
    for copies in range(1, 6):
        for reads in range(1, copies + 1):
            for writes in range(1, copies + 1):
                assert theory.always_meet(copies, reads, writes) == (reads + writes > copies)
                assert (theory.missed(copies, reads, writes) == 0) == (reads + writes > copies)


@pytest.mark.parametrize(
    ("copies", "up", "chance"),
    [
        (3, 0.9, 0.972),
        (3, 0.99, 0.999702),
        (3, 0.999, 0.999997),
        (5, 0.9, 0.99144),
        (5, 0.99, 0.9999901),
    ],
)
def test_a_majority_is_up_with_the_chance_of_the_table(copies, up, chance):
    assert theory.majority_up(copies, up) == pytest.approx(chance, abs=1e-7)
    random = np.random.default_rng(7).random((200_000, copies)) < up
    assert (random.sum(axis=1) > copies / 2).mean() == pytest.approx(chance, abs=0.002)


def test_a_side_without_a_quorum_refuses_and_the_other_goes_on():
    for far, done in ((0.0, 1.0), (1.0, 0.0)):
        report = simulate(store(3, 2, 2, cut=Cut(2.0, 5.0, 1, far)), seed=1, seconds=10.0)
        writes, reads = report.in_cut()
        assert report.written()[writes].mean() == done
        assert report.answered()[reads].mean() == done


def test_both_sides_of_a_cut_go_on_and_part_if_one_copy_is_enough():
    report = simulate(
        store(2, 1, 1, legs=Legs(*[Exponential(1e-4)] * 4), after=0.1, cut=Cut(2.0, 6.0, 1, 0.5)), seed=1, seconds=10.0
    )
    _, reads = report.in_cut()
    settled = reads & (report.draws.start > 2.0) & (report.draws.start + 0.2 < 8.0)
    assert report.written().mean() == report.answered().mean() == 1.0
    crossed = report.draws.far_writer != report.draws.far_reader
    assert (report.stale()[settled] == crossed[settled]).all(), "whoever reads on the other side reads stale"


def test_repair_brings_reads_to_one_version_behind_at_most_and_makes_none_fresh():
    quick = Legs(*[Exponential(1e-5)] * 4)
    plain, mended = (
        simulate(store(3, 1, 1, legs=quick, objects=500, spread=False, repair=repair), seed=2, seconds=60.0)
        for repair in (False, True)
    )
    assert plain.mean(plain.stale()).value == pytest.approx(2 / 3, abs=0.01)
    assert mended.mean(mended.stale()).value == pytest.approx(2 / 3, abs=0.01)
    assert mended.mean(mended.behind()).value == pytest.approx(2 / 3, abs=0.01)
    assert plain.mean(plain.behind()).value == pytest.approx(2.0, abs=0.1)


def test_the_second_of_three_answers_comes_when_order_statistics_say():
    legs = Legs(*[Exponential(0.0)] * 2, Exponential(MEAN), Exponential(0.0))
    report = simulate(store(3, 2, 1, legs=legs), seed=1, seconds=60.0)
    assert report.mean(report.record.read_s).value == pytest.approx(MEAN * (1 / 3 + 1 / 2), rel=0.02)
    p99 = report.percentile(report.record.read_s, 0.99)
    late = np.exp(-p99.value / MEAN)  # the chance that one answer is later
    assert comb(3, 2) * late**2 * (1 - late) + late**3 == pytest.approx(0.01, rel=0.1)
