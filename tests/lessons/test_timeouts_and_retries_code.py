"""Does the code in the lesson on retries end by its deadline, keep to its budget, and try again only what it may?"""

import time

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from tests.lessons.tabs import module_of_tab

LESSON = "production/01-timeouts-and-retries"
calls = module_of_tab(LESSON, "Python")
deadlines = module_of_tab(LESSON, "Django")
tasks = module_of_tab(LESSON, "Celery")


class Service:
    """A dependency on a clock of its own: it takes `takes_s` for a call and fails the first `failures`."""

    def __init__(self, failures=0, takes_s=0.0, error=None):
        self.failures, self.takes_s, self.now = failures, takes_s, 0.0
        self.error = error or calls.Transient("unavailable")
        self.timeouts, self.pauses = [], []

    def send(self, timeout):
        self.timeouts.append(timeout)
        self.now += min(self.takes_s, timeout)
        if len(self.timeouts) <= self.failures:
            raise self.error
        return "answer"

    def sleep(self, seconds):
        self.pauses.append(seconds)
        self.now += seconds

    def ask(self, deadline=10.0, budget=None, **options):
        clock = {"clock": lambda: self.now, "sleep": self.sleep}
        return calls.call(self.send, budget or calls.Budget(), deadline, **clock, **options)


def test_an_answer_at_once_needs_one_call():
    service = Service()
    assert service.ask() == "answer"
    assert service.timeouts == [0.3]
    assert service.pauses == []


def test_the_third_attempt_is_the_last():
    service = Service(failures=2)
    assert service.ask() == "answer"
    assert len(service.timeouts) == 3
    worse = Service(failures=3)
    with pytest.raises(calls.Transient):
        worse.ask()
    assert len(worse.timeouts) == 3


def test_pauses_are_drawn_from_all_of_a_limit_that_doubles():
    firsts, seconds = [], []
    for _ in range(300):
        service = Service(failures=2)
        service.ask()
        firsts.append(service.pauses[0])
        seconds.append(service.pauses[1])
    assert max(firsts) <= 0.05 < max(seconds) <= 0.1
    assert min(firsts) < 0.01
    assert min(seconds) < 0.02


def test_it_never_ends_after_the_deadline():
    for takes_s in (0.05, 0.2, 0.5):
        service = Service(failures=9, takes_s=takes_s)
        with pytest.raises((calls.Transient, TimeoutError)):
            service.ask(deadline=0.6, attempts=9)
        assert service.now <= 0.6 + 1e-9


def test_an_attempt_gets_what_is_left():
    service = Service(takes_s=0.2)
    service.ask(deadline=0.1)
    assert service.timeouts == [pytest.approx(0.1)]


def test_nothing_is_called_after_the_deadline():
    service = Service()
    with pytest.raises(TimeoutError):
        service.ask(deadline=0.0)
    assert service.timeouts == []


def test_a_server_that_says_when_is_not_asked_before():
    service = Service(failures=1, error=calls.Transient("overloaded", after_s=2.0))
    service.ask()
    assert service.pauses == [2.0]


def test_a_wait_beyond_the_deadline_gives_up_at_once_and_spends_nothing():
    service, budget = Service(failures=1, error=calls.Transient("overloaded", after_s=20.0)), calls.Budget()
    with pytest.raises(calls.Transient):
        service.ask(budget=budget)
    assert service.pauses == []
    assert budget.tokens == budget.most


def test_an_error_that_another_attempt_cannot_mend_is_raised_at_once():
    service = Service(failures=1, error=ValueError("wrong"))
    with pytest.raises(ValueError, match="wrong"):
        service.ask()
    assert len(service.timeouts) == 1


def test_in_an_outage_a_tenth_of_the_calls_are_tried_again():
    budget, attempts = calls.Budget(share=0.1, most=10), 0
    for _ in range(1_000):
        service = Service(failures=9)
        with pytest.raises(calls.Transient):
            service.ask(budget=budget)
        attempts += len(service.timeouts)
    assert 1_090 <= attempts <= 1_111


def test_rare_failures_are_all_tried_again():
    budget = calls.Budget(share=0.1, most=10)
    answers = [Service(failures=number % 20 == 0).ask(budget=budget) for number in range(1_000)]
    assert answers == ["answer"] * 1_000


def visit(told=None):
    """Return status and time left, in seconds, that a view finds for a request with this header."""
    found = []

    def view(request):
        found.append(request.deadline - time.monotonic())
        return HttpResponse("done")

    headers = {} if told is None else {"X-Time-Left-Ms": told}
    answer = deadlines.deadlines()(view)(RequestFactory().get("/", headers=headers))
    return answer.status_code, found


@pytest.mark.parametrize(("told", "most"), [(None, 1.0), ("400", 0.4), ("999999", 5.0), ("soon", 1.0), ("-5", 1.0)])
def test_a_request_gets_what_its_caller_has_left_within_reason(told, most):
    status, (left,) = visit(told)
    assert status == 200
    assert left <= most
    if told in (None, "999999"):
        assert left > most / 2


def test_a_request_whose_caller_has_left_is_not_worked_on():
    assert visit("0") == (504, [])


@pytest.mark.django_db
def test_a_statement_is_stopped_at_the_deadline():
    since = time.monotonic()
    with (
        pytest.raises(OperationalError, match="statement timeout"),
        deadlines.queries_by(since + 0.1) as cursor,
    ):
        cursor.execute("SELECT pg_sleep(30)")
    assert time.monotonic() - since < 20


@pytest.mark.django_db
def test_a_statement_within_the_deadline_is_answered():
    with deadlines.queries_by(time.monotonic() + 30) as cursor:
        cursor.execute("SELECT 7")
        assert cursor.fetchone() == (7,)


class Post:
    """What the task sends with. The first `failures` deliveries fail."""

    def __init__(self):
        self.failures, self.sent = 0, []

    def __call__(self, order, key):
        self.sent.append((order, key))
        if len(self.sent) <= self.failures:
            raise calls.Transient


post = Post()
notify = tasks.notify_task(post, calls.Transient)


def sent_by_a_task(failures):
    """Run the task once to its end; return whether it succeeded, and what it sent."""
    post.failures, post.sent = failures, []
    return notify.apply((7,)).successful(), post.sent


def test_a_job_is_tried_again_with_the_same_key():
    assert sent_by_a_task(failures=2) == (True, [(7, "order-7")] * 3)


def test_a_job_that_never_succeeds_fails_in_the_end():
    succeeded, sent = sent_by_a_task(failures=99)
    assert not succeeded
    assert len(sent) == 15
