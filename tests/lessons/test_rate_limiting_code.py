"""Does the code in the rate limiting lesson keep the limit, against a real Redis?"""

import os
import socket
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from celery.exceptions import Retry
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from tests.lessons.tabs import module_of_tab
from tests.site import until

LESSON = "building-blocks/09-rate-limiting"
limits = module_of_tab(LESSON, "Python")
middleware = module_of_tab(LESSON, "Django")
tasks = module_of_tab(LESSON, "Celery")


@pytest.fixture
def client():
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as connected:
        yield connected


@pytest.fixture
def key(client):
    """A key that nobody else counts on."""
    name = uuid.uuid4().hex
    yield name
    client.delete(f"limit:{name}")


def limiter_of(client, *, limit=100, window_s=10, burst=10):
    return limits.Limiter(client, limit, window_s, burst)


def test_a_burst_passes_and_then_one_at_a_time(client, key):
    limiter = limiter_of(client, limit=10, window_s=10, burst=5)
    waits = [limiter.wait_s(key) for _ in range(8)]
    assert waits[:5] == [0] * 5
    assert all(0.9 < wait <= 1 for wait in waits[5:])


def test_who_waits_as_told_may_pass(client, key):
    limiter = limiter_of(client, limit=20, window_s=1, burst=1)
    assert limiter.wait_s(key) == 0
    told = limiter.wait_s(key)
    since = time.monotonic()
    until(lambda: limiter.wait_s(key) == 0, within_s=5, what="the limiter lets the client pass")
    assert told - 0.01 <= time.monotonic() - since


def test_a_refusal_costs_nothing(client, key):
    limiter = limiter_of(client, limit=10, window_s=10, burst=1)
    limiter.wait_s(key)
    first, *others = [limiter.wait_s(key) for _ in range(50)]
    assert first >= others[-1] > 0


def test_gateways_that_ask_at_once_admit_the_burst_and_no_more(client, key):
    limiter = limiter_of(client, limit=1, window_s=60, burst=30)
    with ThreadPoolExecutor(16) as gateways:
        waits = list(gateways.map(limiter.wait_s, [key] * 200))
    assert waits.count(0) == 30


def test_a_key_disappears_once_its_bucket_is_empty(client, key):
    limiter = limiter_of(client, limit=10, window_s=10, burst=5)
    for _ in range(3):
        limiter.wait_s(key)
    assert 2_000 < client.pttl(f"limit:{key}") <= 3_000


def test_a_time_is_stored_to_the_microsecond(client, key):
    limiter_of(client).wait_s(key)
    assert len(client.get(f"limit:{key}")) == 16


def test_without_redis_the_limiter_fails_open(key):
    limiter = limiter_of(limits.connect("unix:///nowhere/redis.sock"))
    with pytest.raises(redis.ConnectionError):
        limiter.wait_s(key)
    assert limiter.wait_or_pass_s(key) == 0


def test_a_redis_that_says_nothing_is_given_up_at_once(key):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        limiter = limiter_of(limits.connect(f"redis://127.0.0.1:{silent.getsockname()[1]}/0"))
        since = time.monotonic()
        assert limiter.wait_or_pass_s(key) == 0
        assert time.monotonic() - since < 1  # 0.02 s, and room for a busy machine; with retries it is 10 s and more


class Visitor:
    is_authenticated = True

    def __init__(self, pk):
        self.pk = pk


def site(limiter):
    """Return the middleware around a view, as a function of user and address."""
    answer = middleware.rate_limit(limiter)(lambda request: HttpResponse("found"))

    def visit(user, address="192.0.2.1", **headers):
        request = RequestFactory().get("/search", REMOTE_ADDR=address, **headers)
        request.user = user
        return answer(request)

    return visit


@pytest.fixture
def visit(client):
    made = site(limiter_of(client, limit=1, window_s=60, burst=1))
    yield made
    client.delete("limit:user:1", "limit:user:2", "limit:ip:192.0.2.1", "limit:ip:192.0.2.2")


def test_a_refusal_says_when_to_come_back(visit):
    assert visit(Visitor(1)).status_code == 200
    refused = visit(Visitor(1))
    assert refused.status_code == 429
    assert 60 <= int(refused.headers["Retry-After"]) <= 62


def test_each_user_has_a_limit_even_behind_one_address(visit):
    assert [visit(Visitor(pk)).status_code for pk in (1, 2)] == [200, 200]


def test_strangers_are_counted_by_address_and_cannot_choose_another(visit):
    stranger = AnonymousUser()
    codes = [visit(stranger, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}").status_code for number in (1, 2)]
    assert codes == [200, 429]
    assert visit(stranger, "192.0.2.2").status_code == 200


def test_a_task_waits_for_its_turn_and_is_not_lost(client):
    client.delete("limit:provider")
    charged = []
    task = tasks.charge_task(limiter_of(client, limit=1, window_s=60, burst=1), charged.append)
    task(7)
    with pytest.raises(Retry):
        task(8)
    client.delete("limit:provider")
    task(8)
    assert charged == [7, 8]
