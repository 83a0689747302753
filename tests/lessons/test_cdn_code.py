"""Does the code in the CDN lesson keep what it promises: hits as in theory, nothing public by accident, late purges?"""

import random
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import accumulate
from unittest.mock import patch
from urllib.error import HTTPError

import pytest
from celery import current_app
from django.db import transaction
from django.http import HttpResponse, HttpResponseNotFound
from django.test import RequestFactory

from apps.simulator.caches.popularity import popularity
from apps.simulator.cdn import theory
from tests.lessons.tabs import module_of_tab

LESSON = "building-blocks/06-cdn"
replay = module_of_tab(LESSON, "Python")
headers = module_of_tab(LESSON, "Django")
purge = module_of_tab(LESSON, "Celery")

CITIES = {edge: f"city {number}" for number in range(40) for edge in [replay.zlib.crc32(f"city {number}".encode()) % 4]}
OBJECTS, PER_S, REQUESTS = 1_000, 1_000.0, 120_000


def log_of(alpha, seed=1):
    """Return requests of four cities, alike, that come at random for objects of Zipf's law."""
    luck, now = random.Random(seed), 0.0
    share = popularity(OBJECTS, alpha)
    urls = luck.choices(range(OBJECTS), cum_weights=list(accumulate(share)), k=REQUESTS)
    for url in urls:
        now += luck.expovariate(PER_S)
        yield now, CITIES[luck.randrange(4)], f"/p/{url}"


@pytest.mark.parametrize(("room", "shield_room"), [(50, 0), (50, 300), (200, 200)])
def test_a_replay_finds_what_theory_says_of_caches_that_evict(room, shield_room):
    expected = theory.tiers(popularity(OBJECTS, 0.8), 4, room, shield_room)[2]
    found = replay.origin_share(log_of(0.8), 4, room, float("inf"), shield_room)
    assert found == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("edges", [1, 4])
def test_a_replay_finds_what_theory_says_of_copies_that_expire(edges):
    rates = popularity(OBJECTS, 1.0) * PER_S / edges
    found = replay.origin_share(log_of(1.0), edges, OBJECTS, 2.0)
    assert found == pytest.approx(theory.expiring(rates, 2.0), abs=0.01)


def test_behind_a_shield_the_origin_sees_one_cache_again():
    together = replay.origin_share(log_of(1.0), 1, OBJECTS, 2.0)
    behind = replay.origin_share(log_of(1.0), 4, OBJECTS, 2.0, shield_room=OBJECTS)
    assert behind == pytest.approx(together, abs=1e-9)


def test_a_copy_of_a_copy_is_as_old_as_the_first():
    shield = replay.Cache(10, 10, replay.Origin())
    near, far = replay.Cache(10, 10, shield), replay.Cache(10, 10, shield)
    assert [near.get("/", 0), far.get("/", 9), far.get("/", 11)] == [0, 0, 11]


def answer(view, middleware=headers.private_by_default, **kwargs):
    request = RequestFactory().get("/p/42")
    return middleware(lambda request: view(request, **kwargs))(request)


def directives(response):
    return set(response["Cache-Control"].split(", "))


def test_what_no_view_declared_is_stored_nowhere():
    assert directives(answer(lambda request: HttpResponse("account"))) == {"private", "no-store"}


@headers.shared(s_maxage=300, key=lambda pk: f"product-{pk}")
def product(request, pk):
    return HttpResponse("product") if pk else HttpResponseNotFound()


def test_a_shared_page_says_so_to_caches_and_names_its_key():
    response = answer(product, pk=42)
    assert directives(response) == {
        "public",
        "max-age=0",
        "s-maxage=300",
        "stale-while-revalidate=600",
        "stale-if-error=86400",
    }
    assert response["Surrogate-Key"] == "product-42"


def test_a_page_that_is_not_there_is_not_shared():
    assert directives(answer(product, pk=0)) == {"private", "no-store"}


def test_a_cookie_by_mistake_makes_a_shared_page_private():
    @headers.shared(s_maxage=300)
    def view(request):
        response = HttpResponse("product")
        response.set_cookie("session", "ben")
        return response

    assert directives(answer(view)) == {"private", "no-store"}


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("utm_source=mail&size=4", "size=4"),
        ("size=4&colour=red", "colour=red&size=4"),
        ("colour=red&colour=blue", "colour=blue&colour=red"),
        ("q=a+b&gclid=7", "q=a+b"),
        ("", ""),
    ],
)
def test_a_key_holds_what_the_page_depends_on(query, key):
    assert headers.clean_query(query) == key


@pytest.fixture
def api():
    """The provider's purge service: its address, what it was asked, and with which status it answers."""

    class Service(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append((self.path, self.headers["Fastly-Key"], self.headers["Fastly-Soft-Purge"]))
            self.send_response(status[0])
            self.end_headers()

        def log_message(self, *args):
            pass

    asked, status = [], [200]
    server = HTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked, status
    current_app.tasks.pop("shop.purge", None)  # or Celery gives the next test this one's task
    server.shutdown()
    server.server_close()


def test_a_purge_is_soft_and_of_one_key(api):
    address, asked, _ = api
    purge.purger(address, "shop", "secret")[0]("product-42")
    assert asked == [("/service/shop/purge/product-42", "secret", "1")]


def test_a_purge_that_fails_is_tried_again(api):
    address, _, status = api
    status[0] = 503
    task = purge.purger(address, "shop", "secret")[0]
    with pytest.raises(HTTPError) as refused:
        task.run("product-42")
    refused.value.close()
    assert OSError in task.autoretry_for
    assert issubclass(HTTPError, task.autoretry_for)


@pytest.mark.django_db(transaction=True)
def test_a_purge_waits_for_the_commit(api):
    address, asked, _ = api
    task, purge_after_commit = purge.purger(address, "shop", "secret")
    with patch.object(task, "delay", task), transaction.atomic():
        purge_after_commit("product-42")
        assert asked == []
    assert len(asked) == 1
