"""What happens when the hottest copy ends, on real servers, without a guard and with each."""

import pytest

from tests.experiments.conftest import agrees, as_in_theory, first_that

pytestmark = pytest.mark.measured

HOT = {
    "objects": 1_000, "cache_fraction": 1.0, "alpha": 1.5, "db_cost": "aggregate", "offered_rps": 500, "clients": 64,
    "duration_s": 7, "event": "hot-key-expires", "event_at_s": 4,
}  # fmt: skip


@pytest.fixture(scope="module")
def unguarded(measure):
    """Where all connections recompute there is no theory: then the run says nothing about it."""
    theory = lambda result: "recomputations" not in result.outcome.expected or agrees(result, "recomputations")  # noqa: E731
    return first_that(theory, measure, **HOT)


def test_unguarded_all_who_come_meanwhile_recompute(unguarded):
    assert unguarded.outcome.figures["recomputations"] > 1.5
    assert unguarded.outcome.figures["identical_queries"] >= unguarded.outcome.figures["recomputations"]


def test_the_end_of_the_copy_comes_at_the_event_and_then_each_second(unguarded):
    shown = {exhibit.title: exhibit.text for exhibit in unguarded.outcome.exhibits}["Each time the hottest copy ended"]
    began = [float(line.split()[0]) for line in shown.splitlines()]
    assert 4.0 <= began[0] < 5.0  # of a busy machine; a second later the copy would have ended again
    assert 1 <= len(began) <= 3


@pytest.mark.parametrize("guard", ["single-flight", "stale-while-revalidate"])
def test_with_a_guard_one_recomputes(guard, measure):
    result = measure(**HOT, stampede=guard)
    assert result.outcome.figures["recomputations"] == 1
    assert result.outcome.expected["recomputations"].tolerance == 0
    client, server = result.outcome.counted["database queries"]
    assert client == server


def test_early_refresh_leaves_fewer_than_no_guard(unguarded, measure):
    cut_off = "recomputations" not in unguarded.outcome.expected  # a slow machine: the connections bound both spikes
    most = HOT["clients"] + 1 if cut_off else unguarded.outcome.figures["identical_queries"]
    fewer = lambda result: 1 <= result.outcome.figures["recomputations"] < most  # noqa: E731
    first_that(fewer, measure, **HOT, stampede="early-refresh")


def test_too_few_connections_to_show_the_spike_are_told(measure):
    result = measure(**{**HOT, "clients": 2, "offered_rps": 400})
    assert result.outcome.generator_bound
    assert any("All 2 connections recomputed" in caveat for caveat in result.outcome.caveats)
    assert "recomputations" not in result.outcome.expected


def test_an_expired_copy_is_served_while_one_reader_refreshes_it(measure):
    mortal = {"objects": 1_000, "cache_fraction": 1.0, "ttl_s": 1, "duration_s": 5}
    result = first_that(as_in_theory("hit_ratio"), measure, **mortal, stampede="stale-while-revalidate")
    assert "expired copy still answers" in result.outcome.expected["hit_ratio"].source


def test_jitter_leaves_the_hit_ratio_as_it_was(measure):
    mortal = {"objects": 1_000, "cache_fraction": 1.0, "ttl_s": 1, "ttl_jitter": 1, "duration_s": 5}
    first_that(as_in_theory("hit_ratio"), measure, **mortal)
