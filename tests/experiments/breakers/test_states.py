"""The states of a breaker, call by call: vectors of known libraries, exactly (labs.md 1.15)."""

import pytest

from apps.simulator.arrivals import Trace
from apps.simulator.calls.policies import Breaker
from apps.simulator.calls.report import MARKS
from apps.simulator.calls.run import simulate
from apps.simulator.calls.system import Call, Change, Service, System
from apps.simulator.services import Deterministic

RESILIENCE4J = Breaker()  # its defaults: 100 calls, 50 %, 60 s, 10 trials
HYSTRIX = Breaker(window=20, minimum=20, threshold=0.5, open_s=5.0, trials=1)
PYBREAKER = Breaker(window=5, minimum=5, threshold=1.0, open_s=60.0, trials=1)  # fail_max=5: five in a row


def called(rule, results, pause_s=0.1):
    """Return how many calls went through, and the states with their times, for one call every `pause_s`."""
    moments = tuple((number + 1) * pause_s for number in range(len(results)))
    changes = tuple(
        Change(at - pause_s / 2, "service", fails=0.0 if ok else 1.0) for at, ok in zip(moments, results, strict=True)
    )
    call = Call("service", breaker=rule)
    system = System({"service": Service(Deterministic(0.001))}, call, Trace(moments), changes)
    report = simulate(system, seed=1, requests=len(results), warm_up=0.0)
    states = [(float(at), MARKS[int(what)]) for at, _, what in report.marks.tolist() if MARKS[int(what)] != "change"]
    return report.services["service"].attempts, states


@pytest.mark.parametrize(
    "results",
    [[True] * 50 + [False] * 50, [False] * 50 + [True] * 50, [True, False] * 50],
    ids=["failures last", "failures first", "in turn"],
)
def test_fifty_of_a_hundred_open_it_at_the_hundredth_call(results):
    through, states = called(RESILIENCE4J, [*results, True])
    assert through == 100
    assert states == [(pytest.approx(10.001), "breaker open")]


def test_forty_nine_of_a_hundred_leave_it_closed():
    assert called(RESILIENCE4J, [True] * 51 + [False] * 49) == (100, [])


def test_ninety_nine_failures_are_too_few_to_judge():
    assert called(RESILIENCE4J, [False] * 99) == (99, [])


def test_the_window_forgets_the_oldest():
    # 49 failures, 51 successes, and then one failure for each failure that drops out: always 49.
    assert called(RESILIENCE4J, [False] * 49 + [True] * 51 + [False] * 49) == (149, [])
    through, states = called(RESILIENCE4J, [True] * 100 + [False] * 51)
    assert through == 150
    assert states[0][1] == "breaker open"


@pytest.mark.parametrize(("failures", "state"), [(4, "breaker open"), (6, "breaker open")])
def test_hystrix_needs_twenty_calls(failures, state):
    assert called(HYSTRIX, [False] * 19) == (19, [])
    through, states = called(HYSTRIX, [True] * (14 - failures) + [False] * (6 + failures) + [True])
    assert through == 20
    assert [what for _, what in states] == [state]


def test_five_failures_in_a_row_open_pybreakers_and_four_do_not():
    assert called(PYBREAKER, [False] * 4 + [True] + [False] * 4) == (9, [])
    through, states = called(PYBREAKER, [False] * 6)
    assert through == 5
    assert [what for _, what in states] == ["breaker open"]


@pytest.mark.parametrize(("well", "then"), [(6, "breaker closed"), (5, "breaker open")])
def test_after_its_time_ten_trials_decide(well, then):
    # A call a second. Opened at 100 s, it refuses until 160 s; of ten trials half may not fail.
    results = [False] * 100 + [True] * 60 + [True] * well + [False] * (10 - well) + [True]
    through, states = called(RESILIENCE4J, results, pause_s=1.0)
    assert [what for _, what in states] == ["breaker open", "breaker half-open", then]
    assert through == 100 + 10 + (then == "breaker closed")
    assert states[1][0] == pytest.approx(161)


def test_a_timeout_is_a_failure():
    call = Call("service", timeout_s=0.05, breaker=PYBREAKER)
    system = System({"service": Service(Deterministic(1.0), servers=9)}, call, Trace((1.0, 2.0, 3.0, 4.0, 5.0, 6.0)))
    report = simulate(system, seed=1, requests=6, warm_up=0.0)
    assert report.services["service"].attempts == 5
    assert report.marks["at"].tolist() == [pytest.approx(5.05)]
