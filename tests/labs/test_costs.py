"""For how long does a run keep the machine? A measured one as long as it is set, a simulated one while it computes."""

import pytest

from apps.experiments.registry import experiments
from apps.labs.costs import planned_s


def planned(lab, **changed):
    return planned_s(lab, experiments()[lab].clean(changed))


def test_a_measured_run_keeps_it_as_long_as_it_is_set():
    assert planned("caching", duration_s=30) == 30


def test_two_simulated_minutes_are_computed_in_seconds():
    assert planned("metastable", duration_s=120) == planned("metastable", duration_s=60) == 2


@pytest.mark.parametrize(("engine", "seconds"), [("simulated", 5), ("postgres", 20)])
def test_settings_may_decide_which_it_is(engine, seconds):
    few = {"customers": 2_000_000} if engine == "simulated" else {"duration_s": 20}
    assert planned("queueing", engine=engine, **few) == seconds


def test_a_run_on_a_virtual_clock_takes_what_its_decisions_take():
    assert planned("rate-limiting", clock="virtual", offered_rps=5_000, duration_s=60) == 6
