"""Does the code in the lesson on queues keep serving in an overload, and refuse when it says it does?"""

import json
import os
import random
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from celery import Celery
from django.http import HttpResponse
from django.test import RequestFactory

from config.celery import broker_url
from tests.lessons.tabs import module_of_tab

LESSON = "production/04-queues-and-overload"
work = module_of_tab(LESSON, "Python")
middleware = module_of_tab(LESSON, "Django")
reports = module_of_tab(LESSON, "Celery")


class Clock:
    """A clock that stands still until it is told the time."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def served_in_time(clock, queue, seconds=20.0, patience_s=0.1):
    """Offer 1,500 a second to a server of 1,000. Return how many a second are answered in time, and refused."""
    draws = random.Random(7)  # noqa: S311
    arrival, good, refused = draws.expovariate(1_500), 0, 0
    while clock.now < seconds:
        until = clock.now
        while arrival <= until:
            clock.now = arrival
            try:
                queue.put(arrival, arrival + patience_s)
            except work.Overloaded:
                refused += 1
            arrival += draws.expovariate(1_500)
        clock.now = until
        came = queue.get(timeout=0)
        if came is None:
            clock.now = max(until, arrival)
            continue
        clock.now += draws.expovariate(1_000)
        good += clock.now - came <= patience_s
    return good / seconds, refused / seconds


def test_a_bounded_line_answers_as_many_as_it_can_do_and_refuses_the_rest(clock):
    good, refused = served_in_time(clock, work.WorkQueue(50, behind_after_s=10**6, clock=clock))
    assert 950 <= good <= 1_050
    assert 430 <= refused <= 560


def test_a_bounded_line_that_turns_to_the_newest_answers_as_many(clock):
    good, refused = served_in_time(clock, work.WorkQueue(50, clock=clock))
    assert 950 <= good <= 1_050
    assert 0 < refused < 430  # the others expire in line


def test_without_a_bound_the_newest_are_still_answered(clock):
    good, refused = served_in_time(clock, work.WorkQueue(10**6, clock=clock))
    assert 900 <= good <= 1_050
    assert refused == 0


def test_oldest_first_without_a_bound_loses_a_third_of_its_work(clock):
    good, _ = served_in_time(clock, work.WorkQueue(10**6, behind_after_s=10**6, clock=clock))
    assert 550 <= good <= 800


def test_the_oldest_goes_first_while_the_queue_keeps_up(clock):
    queue = work.WorkQueue(10, clock=clock)
    for job in "abc":
        queue.put(job, 5)
    assert [queue.get(), queue.get(), queue.get()] == ["a", "b", "c"]


def test_the_newest_goes_first_once_the_queue_has_not_been_empty_for_long(clock):
    queue = work.WorkQueue(10, clock=clock)
    for job in "abc":
        queue.put(job, 5)
    clock.now = 0.2
    assert queue.get() == "c"


def test_the_oldest_goes_first_again_after_the_queue_was_empty(clock):
    queue = work.WorkQueue(10, clock=clock)
    queue.put("a", 5)
    clock.now = 0.2
    assert queue.get() == "a"
    queue.put("b", 5)
    queue.put("c", 5)
    assert queue.get() == "b"


def test_a_full_queue_refuses_and_makes_room_of_what_has_expired(clock):
    queue = work.WorkQueue(2, clock=clock)
    queue.put("a", 1)
    queue.put("b", 1)
    with pytest.raises(work.Overloaded):
        queue.put("c", 1)
    clock.now = 1.0
    queue.put("d", 2)
    assert queue.get() == "d"
    assert queue.get(timeout=0) is None


def test_nobody_works_on_what_has_expired(clock):
    queue = work.WorkQueue(10, clock=clock)
    queue.put("a", 1)
    clock.now = 1.0
    assert queue.get(timeout=0) is None


def test_a_worker_wakes_up_for_a_job():
    queue = work.WorkQueue(10)
    with ThreadPoolExecutor(1) as workers:
        taken = workers.submit(queue.get, 30)
        queue.put("a", queue.clock() + 60)
        assert taken.result(30) == "a"


def get(view, path="/reports"):
    return view(RequestFactory().get(path))


def test_more_than_so_many_at_once_are_refused_and_checks_of_health_are_not():
    inside, go = threading.Semaphore(0), threading.Event()

    def slow(request):
        if request.path == "/reports":
            inside.release()
            assert go.wait(30)
        return HttpResponse("done")

    view = middleware.at_once(2)(slow)
    with ThreadPoolExecutor(2) as visitors:
        working = [visitors.submit(get, view) for _ in range(2)]
        assert all(inside.acquire(timeout=30) for _ in range(2))
        refused = get(view)
        healthy = get(view, "/health")
        go.set()
        assert [answer.result(30).status_code for answer in working] == [200, 200]
    assert refused.status_code == 503
    assert 1 <= int(refused.headers["Retry-After"]) <= 3
    assert healthy.status_code == 200


def test_a_place_is_given_back_after_an_error():
    def fails(request):
        raise ZeroDivisionError

    view = middleware.at_once(1)(fails)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            get(view)


@pytest.fixture
def broker():
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        yield client


@pytest.fixture
def task(broker):
    """A task whose queue nobody else uses, and nobody works on."""
    name = f"reports-{uuid.uuid4().hex}"
    app = Celery("shop", broker=broker_url(os.environ["REDIS_URL"]), set_as_current=False)
    app.conf.task_default_queue = name

    @app.task(name="shop.report", shared=False)  # known to no other app
    def report(order):
        return order

    yield report
    app.close()
    broker.delete(name, f"_kombu.binding.{name}")


def test_a_producer_is_pushed_back_once_the_line_is_long(broker, task):
    for order in range(3):
        reports.submit(task, broker, order, most=3)
    with pytest.raises(reports.Backlog):
        reports.submit(task, broker, 3, most=3)
    assert broker.llen(task.app.conf.task_default_queue) == 3


def test_a_job_says_until_when_it_is_useful(broker, task):
    reports.submit(task, broker, 7, useful_for_s=60)
    message = json.loads(broker.lindex(task.app.conf.task_default_queue, 0))
    assert message["headers"]["expires"] is not None
