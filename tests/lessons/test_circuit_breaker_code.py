"""Does the code in the circuit breaker lesson open, ask and close as the lesson says, and as the lab's breaker does?"""

import json
import random
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import HTTPError

import pytest
from celery.exceptions import Retry
from django.core.cache import cache

from apps.simulator.calls.policies import Breaker as Rule
from apps.simulator.calls.story_breaker import NO_PERMIT, LiveBreaker
from tests.lessons.tabs import module_of_tab

LESSON = "building-blocks/12-circuit-breaker"
breakers = module_of_tab(LESSON, "Python")
CircuitOpen = breakers.CircuitOpen
page = module_of_tab(LESSON, "Django", CircuitOpen=CircuitOpen)
tasks = module_of_tab(LESSON, "Celery", CircuitOpen=CircuitOpen)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return breakers.Breaker(window=4, threshold=0.5, open_s=5, trials=2, clock=clock)


def works():
    return "answer"


def fails():
    raise TimeoutError


def call(breaker, work):
    """Return how a call ended: answer, failed or refused."""
    try:
        return breaker.call(work)
    except CircuitOpen:
        return "refused"
    except OSError:
        return "failed"


def opened(breaker):
    for work in (works, works, fails, fails):
        call(breaker, work)
    return breaker


@pytest.mark.parametrize(("good", "bad", "state"), [(50, 50, "open"), (51, 49, "closed")])
def test_it_opens_at_the_threshold_as_resilience4j_does(good, bad, state):
    breaker = breakers.Breaker(window=100, threshold=0.5)
    for work in [works] * good + [fails] * bad:
        assert call(breaker, work) != "refused"
    assert breaker.state == state


def test_a_window_that_is_not_full_decides_nothing(breaker):
    assert [call(breaker, fails) for _ in range(3)] == ["failed"] * 3
    assert breaker.state == "closed"


def test_open_it_makes_no_call_and_says_for_how_long(breaker, clock):
    opened(breaker)
    clock.now = 2
    with pytest.raises(CircuitOpen) as refused:
        breaker.call(pytest.fail, "The dependency was called.")
    assert refused.value.retry_in_s == 3


@pytest.mark.parametrize(("work", "state"), [(works, "closed"), (fails, "open")])
def test_the_trials_decide(breaker, clock, work, state):
    opened(breaker)
    clock.now = 5
    call(breaker, work)
    assert breaker.state == "half-open"
    call(breaker, work)
    assert breaker.state == state


def test_no_more_than_the_trials_pass_at_once(breaker, clock):
    opened(breaker)
    clock.now = 5
    ends = []
    breaker.call(lambda: breaker.call(lambda: ends.append(call(breaker, works))))
    assert ends == ["refused"]
    assert breaker.state == "closed"


def test_an_answer_from_before_the_last_change_counts_for_nothing(breaker, clock):
    def slow():
        opened(breaker)
        clock.now = 5
        breaker.call(works)
        fails()

    assert call(breaker, slow) == "failed"
    assert breaker.state == "half-open"
    assert call(breaker, works) == "answer"
    assert breaker.state == "closed"


@pytest.mark.parametrize("seed", range(20))
def test_it_decides_as_the_breaker_of_the_lab(seed):
    luck, clock = random.Random(seed), Clock()
    mine = breakers.Breaker(window=10, threshold=0.4, open_s=3, trials=3, clock=clock)
    lab = LiveBreaker(Rule(window=10, minimum=10, threshold=0.4, open_s=3, trials=3), lambda state: None)
    ends = set()
    for _ in range(500):
        clock.now += luck.expovariate(2)
        fine = luck.random() < 0.7
        permit = lab.ask(clock.now)
        if permit != NO_PERMIT:
            lab.hear(permit, fine, clock.now)
        ends.add(end := call(mine, works if fine else fails))
        assert (end == "refused") == (permit == NO_PERMIT)
    assert ends == {"answer", "failed", "refused"}


@pytest.mark.parametrize(("code", "counts"), [(400, False), (404, False), (408, True), (429, True), (500, True)])
def test_which_status_is_a_failure(code, counts):
    assert breakers.is_failure(HTTPError("http://shop", code, "", {}, None)) is counts


def test_a_bug_of_ones_own_is_no_failure_of_the_dependency(breaker):
    for _ in range(8):
        with pytest.raises(KeyError):
            breaker.call({}.__getitem__, "missing")
    assert breaker.state == "closed"


@pytest.fixture
def serve():
    """A function that starts a service which answers with a status, and returns its address."""
    servers = []

    def start(status):
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps([7, 8]).encode())

            def log_message(self, *args):
                pass

        server = HTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def best_sellers():
    cache.set("best-sellers", [1, 2])
    yield {"items": [1, 2], "fallback": True}
    cache.delete("best-sellers")


def test_a_page_gets_recommendations_while_all_is_well(serve, breaker):
    recommend = page.recommender(serve(200), breaker, timeout_s=10)
    assert recommend(42) == {"items": [7, 8], "fallback": False}


@pytest.mark.parametrize(("status", "state"), [(503, "open"), (404, "closed")])
def test_a_page_gets_best_sellers_in_place_of_an_error(serve, breaker, best_sellers, status, state):
    recommend = page.recommender(serve(status), breaker, timeout_s=10)
    assert [recommend(42) for _ in range(6)] == [best_sellers] * 6
    assert breaker.state == state


def test_a_service_that_says_nothing_opens_the_breaker(breaker, best_sellers):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        recommend = page.recommender(f"http://127.0.0.1:{silent.getsockname()[1]}", breaker, timeout_s=0.02)
        assert [recommend(42) for _ in range(6)] == [best_sellers] * 6
    assert breaker.state == "open"


def test_a_full_bulkhead_makes_no_call(breaker, best_sellers):
    recommend = page.recommender("http://127.0.0.1:1", breaker, places=0)
    assert recommend(42) == best_sellers
    assert not breaker.ended


def test_places_are_given_back(serve, breaker):
    recommend = page.recommender(serve(200), breaker, timeout_s=10, places=1)
    assert [recommend(42)["fallback"] for _ in range(3)] == [False] * 3


def test_a_refused_task_waits_until_the_circuit_may_close(breaker, clock, monkeypatch):
    sent, waits = [], []
    task = tasks.receipt_task(opened(breaker), sent.append)

    def retry(countdown):
        waits.append(countdown)
        return Retry(when=countdown)

    monkeypatch.setattr(task, "retry", retry)
    with pytest.raises(Retry):
        task(7)
    assert 5 <= waits[0] <= 10
    clock.now = 5
    task(7)
    assert sent == [7]
