"""Does the code in the lesson on the four layers see a blocked loop, and keep a stranger from an order?"""

import asyncio
import json
import threading
import time

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models
from django.http import Http404
from django.test import RequestFactory
from django.test.utils import isolate_apps

from tests.lessons.tabs import module_of_tab

LESSON = "foundations/02-stack-of-concerns"
pulse = module_of_tab(LESSON, "Python")
views = module_of_tab(LESSON, "Django")


def test_a_loop_has_no_beat_while_it_is_blocked():
    async def work():
        time.sleep(0.03)

    assert asyncio.run(pulse.beats_during(work, every_s=0.001)) == 0


def test_a_loop_beats_while_it_waits():
    async def run():
        beaten = asyncio.Event()
        asyncio.get_running_loop().call_later(0.02, beaten.set)
        return await pulse.beats_during(beaten.wait, every_s=0.001)

    assert asyncio.run(run()) > 0


def test_what_blocks_in_a_thread_leaves_the_loop_free():
    """The work ends only when the loop has run meanwhile: it would wait in vain on the loop."""

    async def run():
        free = threading.Event()
        asyncio.get_running_loop().call_later(0.02, free.set)
        waited = []

        async def work():
            waited.append(await pulse.off_the_loop(free.wait, 10))

        return await pulse.beats_during(work, every_s=0.001), waited

    beats, waited = asyncio.run(run())
    assert waited == [True]
    assert beats > 0


class User:
    is_authenticated = True

    def __init__(self, pk):
        self.pk = pk


@pytest.fixture
def orders(db):
    with isolate_apps("apps.lessons"):

        class Order(models.Model):
            customer_id = models.IntegerField()
            state = models.IntegerField()
            total_cents = models.IntegerField()
            cost_cents = models.IntegerField(default=1200)

            class Meta:
                app_label = "lessons"

    with connection.schema_editor() as editor:
        editor.create_model(Order)
    Order.objects.create(pk=17, customer_id=7, state=2, total_cents=4905)
    return Order.objects.all()


def get(orders, user):
    request = RequestFactory().get("/orders/17")
    request.user = user
    return views.order_view(orders)(request, 17)


def test_the_owner_sees_what_the_api_promises_and_no_more(orders):
    assert json.loads(get(orders, User(7)).content) == {"number": 17, "status": "paid", "total": "49.05"}


def test_a_stranger_cannot_tell_that_the_order_exists(orders):
    with pytest.raises(Http404):
        get(orders, User(8))


def test_nobody_gets_nothing(orders):
    assert get(orders, AnonymousUser()).status_code == 401
