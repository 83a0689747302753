"""Does the code in the caching lesson do what the lesson says, against a real Redis and a real PostgreSQL?"""

import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import redis
from django.db import connection, models
from django.test.utils import isolate_apps

from config.celery import app
from tests.lessons.tabs import module_of_tab

LESSON = "building-blocks/02-caching"
KEY = "product:v1:42"


@pytest.fixture
def shop():
    return module_of_tab(LESSON, "Python")


@pytest.fixture
def cache():
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.delete(KEY, f"{KEY}:lease")
        yield client
        client.delete(KEY, f"{KEY}:lease")


@pytest.fixture
def rows():
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connected:
        connected.execute("CREATE TEMPORARY TABLE product (id int PRIMARY KEY, name text, price_cents int)")
        connected.execute("INSERT INTO product VALUES (42, 'Lamp', 4900)")
        yield connected


def test_a_second_read_is_answered_by_the_cache(shop, cache, rows):
    first = shop.product(cache, rows, 42)
    rows.execute("UPDATE product SET price_cents = 1")
    assert first == shop.product(cache, rows, 42) == {"name": "Lamp", "price_cents": 4900}


def test_a_copy_lives_for_five_minutes_and_up_to_a_tenth_more(shop, cache, rows):
    shop.product(cache, rows, 42)
    assert 299 <= cache.ttl(KEY) <= 330


def test_what_is_not_there_is_remembered_too(shop, cache, rows):
    rows.execute("DELETE FROM product")
    assert shop.product(cache, rows, 42) is None
    assert cache.get(KEY) == b"null"
    assert shop.product(cache, rows, 42) is None


def test_a_changed_price_is_seen_by_the_next_read(shop, cache, rows):
    shop.product(cache, rows, 42)
    shop.change_price(cache, rows, 42, 3900)
    assert cache.get(KEY) is None
    assert shop.product(cache, rows, 42)["price_cents"] == 3900


def test_of_twenty_callers_that_miss_one_loads(shop, cache):
    loads = []
    everybody_waits = threading.Barrier(20)

    def load():
        loads.append(1)
        return "fresh"

    def read():
        everybody_waits.wait()
        return shop.get_or_load(cache, KEY, load)

    with ThreadPoolExecutor(20) as pool:
        answers = [future.result() for future in [pool.submit(read) for _ in range(20)]]
    assert answers == ["fresh"] * 20
    assert len(loads) == 1


def test_a_load_that_was_overtaken_by_a_write_is_not_stored(shop, cache, rows):
    def load():
        old = rows.execute("SELECT price_cents FROM product").fetchone()[0]
        shop.change_price(cache, rows, 42, 3900)
        return old

    assert shop.get_or_load(cache, KEY, load) == 4900
    assert cache.get(KEY) is None


def test_a_reader_does_not_wait_for_ever_for_a_caller_that_died(shop, cache):
    cache.set(f"{KEY}:lease", "somebody who is gone", ex=60)
    assert shop.get_or_load(cache, KEY, lambda: "own", patience=0.05) == "own"
    assert cache.get(KEY) is None


@pytest.fixture
def product_model(db, settings, cache):
    """A product with a table of its own, and Django's cache in the tests' Redis."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": os.environ["REDIS_URL"],
        }
    }
    with isolate_apps("apps.lessons"):

        class Product(models.Model):
            name = models.TextField()
            price_cents = models.IntegerField()

            class Meta:
                app_label = "lessons"

    with connection.schema_editor() as schema:
        schema.create_model(Product)
    Product.objects.create(id=42, name="Lamp", price_cents=4900)
    return Product


@pytest.fixture
def django_shop(product_model):
    module = module_of_tab(LESSON, "Django", Product=product_model)
    module.cache.delete(KEY)
    yield module
    module.cache.delete(KEY)


@pytest.mark.django_db
def test_the_django_tab_deletes_the_copy_after_the_commit(django_shop, django_capture_on_commit_callbacks):
    assert django_shop.product(42) == {"name": "Lamp", "price_cents": 4900}
    with django_capture_on_commit_callbacks() as after_commit:
        django_shop.change_price(42, 3900)
    assert django_shop.product(42)["price_cents"] == 4900  # the copy stays until the commit
    after_commit[0]()
    assert django_shop.product(42)["price_cents"] == 3900


def test_the_copy_in_redis_is_plain_json(shop, cache, rows):
    shop.product(cache, rows, 42)
    assert json.loads(cache.get(KEY)) == {"name": "Lamp", "price_cents": 4900}


@pytest.mark.django_db
def test_the_celery_tab_serves_the_old_copy_and_sends_one_task_for_a_new_one(product_model, broker):
    app.set_current()  # whose broker the lesson's task goes to
    shop = module_of_tab(LESSON, "Celery", Product=product_model)
    shop.FRESH_S = -1  # too old as soon as it is stored
    first = shop.product(42)
    product_model.objects.update(price_cents=3900)
    assert [shop.product(42) for _ in range(20)] == [first] * 20
    (message,) = broker.lrange("interactive", 0, -1)
    assert json.loads(message)["headers"]["task"] == "shop.refresh"
    shop.refresh(42)  # as a worker does
    assert shop.product(42)["price_cents"] == 3900
