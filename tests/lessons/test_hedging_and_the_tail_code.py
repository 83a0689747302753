"""Does the hedge of the lesson ask twice only when it may, and does a deadline only ever get shorter on its way?"""

import asyncio

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from tests.lessons.tabs import module_of_tab

LESSON = "production/09-hedging-and-the-tail"
hedging = module_of_tab(LESSON, "Python")
deadlines = module_of_tab(LESSON, "Django")
NEVER = 3_600


class Places:
    """Two machines: what each does when it is asked, and who was asked and cancelled."""

    def __init__(self, **does):
        self.does, self.asked, self.cancelled = does, [], []

    async def send(self, place, left_s):
        self.asked.append(place)
        try:
            if isinstance(self.does[place], Exception):
                raise self.does[place]
            await asyncio.sleep(self.does[place])
        except asyncio.CancelledError:
            self.cancelled.append(place)
            raise
        return place


def called(places, hedge, after_s, left_s=60):
    async def ended():
        try:
            return await hedge.call(places.send, ("a", "b"), after_s, left_s)
        finally:
            await asyncio.sleep(0)  # what was cancelled hears of it

    return asyncio.run(ended())


def test_a_quick_answer_needs_no_second_call():
    places, hedge = Places(a=0, b=0), hedging.Hedge()
    assert called(places, hedge, after_s=60) == "a"
    assert (places.asked, hedge.second) == (["a"], 0)


def test_the_second_machine_answers_and_the_first_is_cancelled():
    places, hedge = Places(a=NEVER, b=0), hedging.Hedge()
    assert called(places, hedge, after_s=0.01) == "b"
    assert (places.cancelled, hedge.second) == (["a"], 1)


def test_a_failed_second_call_is_not_the_answer():
    places = Places(a=0.05, b=ConnectionError())
    assert called(places, hedging.Hedge(), after_s=0.01) == "a"
    assert places.asked == ["a", "b"]


def test_if_both_fail_the_caller_learns_why():
    async def lost(place, left_s):
        await asyncio.sleep(0.05 if place == "a" else 0)
        raise ConnectionError(place)

    with pytest.raises(ConnectionError):
        asyncio.run(hedging.Hedge().call(lost, ("a", "b"), 0.01, 60))


def test_both_end_at_the_deadline():
    places = Places(a=NEVER, b=NEVER)
    with pytest.raises(TimeoutError):
        called(places, hedging.Hedge(), after_s=0.01, left_s=0.05)
    assert sorted(places.cancelled) == ["a", "b"]


def test_when_everything_is_late_no_more_than_the_budget_is_asked_twice():
    hedge = hedging.Hedge(share=0.05, most=10)

    async def late(place, left_s):
        for _ in range(3):
            await asyncio.sleep(0)

    async def calls():
        for _ in range(1_000):
            await hedge.call(late, ("a", "b"), 0, 60)

    asyncio.run(calls())
    assert hedge.first == 1_000
    assert 10 < hedge.second <= 10 + 1_000 * 0.05


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_deadline_only_gets_shorter():
    clock = Clock()
    with deadlines.time_limit(0.5, clock):
        clock.now = 0.1
        with deadlines.time_limit(30, clock):
            assert deadlines.left(clock=clock) == pytest.approx(0.4)
        with deadlines.time_limit(0.2, clock):
            assert deadlines.left(keep_s=0.05, clock=clock) == pytest.approx(0.15)
        assert deadlines.left(clock=clock) == pytest.approx(0.4)
    assert deadlines.left(clock=clock) == 1


def test_with_nothing_left_nothing_begins():
    clock = Clock()
    with deadlines.time_limit(0.5, clock):
        clock.now = 0.45
        with pytest.raises(deadlines.TooLate):
            deadlines.left(keep_s=0.06, clock=clock)


def test_what_is_left_goes_with_the_call():
    with deadlines.time_limit(60):
        told = int(deadlines.headers(keep_s=20)["X-Time-Left-Ms"])
    assert 0 < told <= 40_000


@pytest.mark.parametrize(("told", "most"), [("300", 0.3), ("60000", 1.0), ("", 1.0), ("soon", 1.0)])
def test_a_caller_may_shorten_our_time_and_not_extend_it(told, most):
    found = []
    answer = deadlines.Deadline(lambda request: found.append(deadlines.left()) or HttpResponse())
    answer(RequestFactory().get("/", headers={"X-Time-Left-Ms": told}))
    assert most - 0.2 < found[0] <= most


def test_too_late_is_told_as_such_and_a_bug_is_not():
    deadline = deadlines.Deadline(None)
    assert deadline.process_exception(None, deadlines.TooLate()).status_code == 504
    assert deadline.process_exception(None, KeyError()) is None


def test_the_database_stops_with_the_caller(db):
    stopped = pytest.raises(OperationalError, match="statement timeout")
    with deadlines.time_limit(0.1), stopped, deadlines.queries() as cursor:
        cursor.execute("SELECT pg_sleep(30)")
    with deadlines.time_limit(60), deadlines.queries() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
