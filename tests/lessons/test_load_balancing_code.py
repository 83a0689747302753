"""Does the code in the load balancing lesson choose well, leave out who fails, and let a server leave quietly?"""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from django.test import RequestFactory

from tests.lessons.tabs import module_of_tab

LESSON = "building-blocks/01-load-balancing"
balancing = module_of_tab(LESSON, "Python")
health = module_of_tab(LESSON, "Django")


class Clock:
    """A clock that stands still until it is told."""

    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def balancer(clock):
    random.seed(7)
    return balancing.Balancer(["a", "b", "c", "d"], clock=clock)


def fail(balancer, broken):
    """Send one request; return the server's address. Those in `broken` refuse."""
    try:
        with balancer.server() as address:
            if address in broken:
                raise ConnectionRefusedError(address)
    except ConnectionRefusedError:
        pass
    return address


def test_of_two_servers_the_one_with_fewer_open_requests_is_chosen():
    balancer = balancing.Balancer(["a", "b"])
    with ExitStack() as stack:
        taken = [stack.enter_context(balancer.server()) for _ in range(10)]
        assert Counter(taken) == {"a": 5, "b": 5}
        assert [each.open for each in balancer.servers] == [5, 5]
    assert [each.open for each in balancer.servers] == [0, 0]


def test_two_looks_leave_no_long_line():
    """2,000 balls in 2,000 bins: the fullest gets 3 or 4; with a single look it would be about 6."""
    random.seed(7)
    balancer = balancing.Balancer(range(2_000))
    with ExitStack() as stack:
        for _ in range(2_000):
            stack.enter_context(balancer.server())
        assert max(each.open for each in balancer.servers) <= 4


def test_a_server_that_fails_fast_does_not_attract_the_traffic(balancer):
    sent = Counter(fail(balancer, {"b"}) for _ in range(1_000))
    assert sent["b"] == 3
    assert min(sent[name] for name in "acd") > 200


def test_after_its_pause_one_failure_is_enough(balancer, clock):
    for _ in range(100):
        fail(balancer, {"b"})
    clock.now += 10
    assert Counter(fail(balancer, {"b"}) for _ in range(200))["b"] == 1


def test_a_server_that_is_well_again_gets_its_share_again(balancer, clock):
    for _ in range(100):
        fail(balancer, {"b"})
    clock.now += 10
    assert Counter(fail(balancer, set()) for _ in range(1_000))["b"] > 200
    assert balancer.servers[1].failures == 0


def test_if_most_are_out_the_checks_are_doubted(balancer):
    sent = Counter(fail(balancer, set("abcd")) for _ in range(400))
    assert min(sent.values()) > 50


def test_what_is_not_the_servers_fault_is_not_counted_and_leaves_nothing_open(balancer):
    for _ in range(50):
        with pytest.raises(ValueError, match="of the caller"), balancer.server():
            raise ValueError("of the caller")
    assert {(each.open, each.failures) for each in balancer.servers} == {(0, 0)}


def test_threads_leave_true_counts(balancer):
    with ThreadPoolExecutor(8) as pool:
        sent = Counter(pool.map(lambda _: fail(balancer, set()), range(4_000)))
    assert sum(sent.values()) == 4_000
    assert {each.open for each in balancer.servers} == {0}


def test_a_draining_server_is_alive_but_not_ready(tmp_path):
    request = RequestFactory().get("/")
    health.DRAINING = tmp_path / "draining"
    assert [view(request).status_code for view in (health.live, health.ready)] == [200, 200]
    health.DRAINING.touch()
    assert [view(request).status_code for view in (health.live, health.ready)] == [200, 503]


def test_readiness_asks_no_database():
    """Without the database mark a query would fail."""
    assert health.ready(RequestFactory().get("/ready")).status_code in (200, 503)
