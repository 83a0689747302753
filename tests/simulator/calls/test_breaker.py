"""A circuit breaker goes through exactly the states that resilience4j documents (reference 1.15)."""

from apps.simulator.arrivals import Even
from apps.simulator.calls.policies import Breaker, Retry
from apps.simulator.calls.report import MARKS
from apps.simulator.calls.run import simulate
from apps.simulator.calls.story_breaker import CLOSED, HALF_OPEN, NO_PERMIT, OPEN, LiveBreaker
from apps.simulator.calls.system import Call, Change, Service, System
from apps.simulator.services import Deterministic

DEFAULTS = Breaker()  # 100 calls, 50 %, 60 s, 10 trials


def after(results, rule=DEFAULTS, now=0.0):
    breaker = LiveBreaker(rule, lambda state: None)
    for ok in results:
        permit = breaker.ask(now)
        if permit != NO_PERMIT:
            breaker.hear(permit, ok, now)
    return breaker


def test_it_opens_at_call_100_after_50_good_and_50_bad_ones():
    assert after([True] * 50 + [False] * 49).state == CLOSED
    assert after([True] * 50 + [False] * 50).state == OPEN


def test_it_stays_closed_after_51_good_and_49_bad_ones():
    assert after([True] * 51 + [False] * 49).state == CLOSED


def test_only_the_last_calls_count():
    assert after([False] * 49 + [True] * 100 + [False] * 49).state == CLOSED
    assert after([False] * 49 + [True] * 100 + [False] * 50).state == OPEN


def test_five_failures_open_one_of_five():
    """pybreaker's fail_max=5: failures 1 to 4 pass through, the fifth opens."""
    rule = Breaker(window=5, minimum=5, threshold=1.0)
    assert after([False] * 4, rule).state == CLOSED
    assert after([False] * 5, rule).state == OPEN


def test_while_open_nothing_passes_and_after_it_as_many_as_trials():
    breaker = after([False] * 100)
    assert breaker.ask(59.9) == NO_PERMIT
    permits = [breaker.ask(60.0) for _ in range(11)]
    assert breaker.state == HALF_OPEN
    assert permits[9] != NO_PERMIT
    assert permits[10] == NO_PERMIT


def test_the_trials_decide_when_all_have_ended():
    for bad, state in ((4, CLOSED), (5, OPEN)):
        breaker = after([False] * 100)
        permits = [breaker.ask(60.0) for _ in range(10)]
        for number, permit in enumerate(permits):
            assert breaker.state == HALF_OPEN
            breaker.hear(permit, number >= bad, 61.0)
        assert breaker.state == state
        assert state == CLOSED or breaker.ask(120.9) == NO_PERMIT
        assert breaker.ask(121.0) != NO_PERMIT


def test_an_answer_from_before_a_change_of_state_says_nothing():
    breaker = after([False] * 99)
    late = breaker.ask(0.0)
    breaker.hear(breaker.ask(0.0), False, 0.0)
    assert breaker.state == OPEN
    breaker.ask(60.0)
    breaker.hear(late, False, 60.0)
    assert (breaker.state, breaker.ended) == (HALF_OPEN, 0)


def test_in_a_system_it_opens_at_the_hundredth_failure_and_closes_after_the_outage():
    """Ten requests a second fail from the start for 65 s: open at 10 s, half-open at 70 s, closed a second later."""
    call = Call("q", breaker=Breaker(window=100, minimum=100, threshold=0.5, open_s=60.0, trials=10))
    system = System(
        {"q": Service(Deterministic(0.0), fails=1.0)}, call, Even(10.0), changes=(Change(65.0, "q", fails=0.0),)
    )  # fmt: skip
    report = simulate(system, seconds=100.05, seed=1, warm_up=0.0)
    marks = [(round(float(at), 6), MARKS[what]) for at, _, what in report.marks]
    assert marks == [(10.0, "breaker open"), (65.0, "change"), (70.0, "breaker half-open"), (70.9, "breaker closed")]
    assert report.services["q"].attempts == 100 + 301


def test_an_open_breaker_fails_a_call_without_a_retry():
    call = Call("q", retry=Retry(3), breaker=Breaker(window=4, minimum=4, threshold=1.0, open_s=1e9))
    report = simulate(
        System({"q": Service(Deterministic(0.0), fails=1.0)}, call, Even(10.0)), requests=100, seed=1, warm_up=0.0
    )
    assert report.services["q"].attempts == 4
    assert report.error_rate.value == 1.0
