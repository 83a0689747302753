"""Does the code in the lesson on message queues keep both promises: no message lost, no effect twice?"""

import json
import os
import uuid

import psycopg
import pytest
import redis
from django.db import connection, models
from django.test.utils import isolate_apps

from config.celery import app
from tests.lessons.tables import own_schema
from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "building-blocks/04-message-queues"
EVERYTHING = "SELECT id FROM outbox WHERE id > %s ORDER BY id"


@pytest.fixture
def connect():
    """Connections to a schema of their own, with the lesson's tables."""
    with own_schema(code_of_tab(LESSON, "SQL", "sql")) as connected:
        yield connected


@pytest.fixture
def rows(connect):
    return connect()


@pytest.fixture
def stream():
    """The tests' Redis, and a group on a stream of its own."""
    shop = module_of_tab(LESSON, "Python")
    shop.STREAM, shop.DEAD = uuid.uuid4().hex, uuid.uuid4().hex
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.xgroup_create(shop.STREAM, shop.GROUP, id="0", mkstream=True)
        yield shop, client
        client.delete(shop.STREAM, shop.DEAD)


class DiesAfterSending:
    """A broker behind a connection that breaks when the message is through."""

    def __init__(self, client):
        self.client = client

    def xadd(self, *message):
        self.client.xadd(*message)
        raise ConnectionError


def waiting(rows):
    return rows.execute("SELECT count(*) FROM outbox").fetchone()[0]


def test_an_order_that_is_refused_leaves_no_message(rows, stream):
    shop, _ = stream
    shop.place_order(rows, 1, 4900)
    with pytest.raises(psycopg.errors.UniqueViolation):
        shop.place_order(rows, 1, 4900)
    assert waiting(rows) == 1


def test_what_waits_in_the_outbox_is_sent_and_gone(rows, stream):
    shop, client = stream
    for order in range(1, 4):
        shop.place_order(rows, order, 100 * order)
    assert [shop.relay(rows, client, batch=2) for _ in range(3)] == [2, 1, 0]
    assert waiting(rows) == 0
    sent = [json.loads(fields[b"body"])["order"] for _, fields in client.xrange(shop.STREAM)]
    assert sent == [1, 2, 3]


def test_a_relay_that_dies_sends_again_and_the_effect_is_there_once(rows, stream):
    shop, client = stream
    shop.place_order(rows, 1, 4900)
    with pytest.raises(ConnectionError):
        shop.relay(rows, DiesAfterSending(client))
    assert shop.relay(rows, client) == 1
    assert client.xlen(shop.STREAM) == 2
    done = []
    shop.consume(rows, client, "one", done.append)
    assert done == [{"order": 1, "cents": 4900}]
    assert client.xpending(shop.STREAM, shop.GROUP)["pending"] == 0


def test_a_row_that_is_committed_late_is_sent_and_a_remembered_id_would_miss_it(connect, rows, stream):
    shop, client = stream
    slow = connect()
    with slow.transaction():
        slow.execute("INSERT INTO outbox (body) VALUES ('slow')")
        rows.execute("INSERT INTO outbox (body) VALUES ('quick')")
        (last,) = rows.execute(EVERYTHING, [0]).fetchall()[-1]
        assert shop.relay(rows, client) == 1
    assert rows.execute(EVERYTHING, [last]).fetchall() == []
    assert shop.relay(rows, client) == 1
    assert [fields[b"body"] for _, fields in client.xrange(shop.STREAM)] == [b"quick", b"slow"]


def test_two_relays_do_not_wait_for_each_other(connect, rows, stream):
    shop, client = stream
    shop.place_order(rows, 1, 100)
    other = connect()
    with other.transaction():
        other.execute("SELECT id FROM outbox FOR UPDATE")
        rows.execute("SET lock_timeout = '1s'")
        assert shop.relay(rows, client) == 0
    assert shop.relay(rows, client) == 1


def test_what_a_dead_worker_has_left_is_done_by_another(rows, stream):
    shop, client = stream
    client.xadd(shop.STREAM, {"id": 7, "body": "{}"})
    client.xreadgroup(shop.GROUP, "dead", {shop.STREAM: ">"})
    done = []
    shop.consume(rows, client, "alive", done.append)
    assert done == []  # it may still be at work
    shop.consume(rows, client, "alive", done.append, idle_ms=0)
    assert done == [{}]


def test_a_message_that_fails_too_often_is_set_aside(rows, stream):
    shop, client = stream
    client.xadd(shop.STREAM, {"id": 7, "body": "not JSON"})
    for _ in range(3):
        with pytest.raises(json.JSONDecodeError):
            shop.consume(rows, client, "one", print, idle_ms=0, attempts=3)
    shop.consume(rows, client, "one", print, idle_ms=0, attempts=3)
    assert [fields[b"body"] for _, fields in client.xrange(shop.DEAD)] == [b"not JSON"]
    assert client.xpending(shop.STREAM, shop.GROUP)["pending"] == 0


def test_work_that_fails_is_not_remembered_as_done(rows, stream):
    shop, _ = stream
    with pytest.raises(ZeroDivisionError):
        shop.handle_once(rows, 7, lambda: 1 / 0)
    done = []
    for _ in range(2):
        shop.handle_once(rows, 7, lambda: done.append(7))
    assert done == [7]


def test_pub_sub_forgets_what_nobody_hears_and_a_stream_does_not(stream):
    shop, client = stream
    channel = uuid.uuid4().hex
    assert [client.publish(channel, number) for number in range(3)] == [0, 0, 0]
    with client.pubsub() as late:
        late.subscribe(channel)
        assert late.get_message(timeout=2)["type"] == "subscribe"
        assert client.publish(channel, 3) == 1
        assert late.get_message(timeout=2)["data"] == b"3"
    for number in range(3):
        client.xadd(shop.STREAM, {"id": number, "body": "{}"})
    assert len(client.xreadgroup(shop.GROUP, "late", {shop.STREAM: ">"})[0][1]) == 3


@pytest.fixture
def tasks(shop_models, broker):
    app.set_current()  # whose broker the lesson's tasks go to
    return module_of_tab(LESSON, "Django and Celery", **shop_models)


@pytest.fixture
def shop_models(db):
    with isolate_apps("apps.lessons"):

        class Order(models.Model):
            cents = models.IntegerField()
            shipped = models.BooleanField(default=False)

            class Meta:
                app_label = "lessons"

        class Message(models.Model):
            order_id = models.IntegerField()

            class Meta:
                app_label = "lessons"

        class Handled(models.Model):
            message_id = models.IntegerField(unique=True)

            class Meta:
                app_label = "lessons"

    made = {"Order": Order, "Message": Message, "Handled": Handled}
    with connection.schema_editor() as schema:
        for model in made.values():
            schema.create_model(model)
    return made


@pytest.mark.django_db
def test_the_tasks_send_after_the_commit_and_ship_once(tasks, broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as after_commit:
        order = tasks.place_order(4900)
    assert broker.llen("interactive") == 0
    after_commit[0]()
    assert broker.llen("interactive") == 1  # the nudge
    tasks.relay()
    assert tasks.Message.objects.count() == 0
    headers = [json.loads(each)["headers"] for each in broker.lrange("interactive", 0, -1)]
    assert sorted(each["task"] for each in headers) == ["shop.relay", "shop.ship"]
    for _ in range(2):
        tasks.ship(7, order.pk)
    assert tasks.Handled.objects.count() == 1
    order.refresh_from_db()
    assert order.shipped
