"""Does the stock of the first lesson break with two locks, and hold with one statement, as the lesson says?"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from tests.lessons.tabs import module_of_tab

LESSON = "foundations/01-from-code-to-systems"
stock = module_of_tab(LESSON, "Python")
shop = module_of_tab(LESSON, "Django")


class Meets:
    """A connection that waits, once it has read the stock, until the others have read it too."""

    def __init__(self, connected, barrier):
        self.connected, self.barrier = connected, barrier

    def execute(self, statement, values):
        done = self.connected.execute(statement, values)
        if statement.startswith("SELECT"):
            self.barrier.wait(timeout=10)
        return done


@pytest.fixture
def servers():
    """Two connections, as two processes would have, and a stock of one lamp."""
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as first, psycopg.connect(url, autocommit=True) as second:
        first.execute("DROP TABLE IF EXISTS stock")
        first.execute("CREATE TABLE stock (sku text PRIMARY KEY, units int NOT NULL CHECK (units >= 0))")
        first.execute("INSERT INTO stock VALUES ('lamp', 1)")
        yield first, second
        first.execute("DROP TABLE stock")


def at_once(*works):
    with ThreadPoolExecutor(len(works)) as threads:
        return [done.result() for done in [threads.submit(work) for work in works]]


def units(connected):
    return connected.execute("SELECT units FROM stock").fetchone()[0]


def test_two_locks_sell_one_lamp_twice_and_the_check_says_nothing(servers):
    barrier = threading.Barrier(2)
    shops = [stock.LockedStock(Meets(connected, barrier)) for connected in servers]
    assert at_once(*(lambda shop=shop: shop.take("lamp") for shop in shops)) == [True, True]
    assert units(servers[0]) == 0


def test_one_lock_sells_it_once(servers):
    only = stock.LockedStock(servers[0])
    assert sorted(at_once(*[lambda: only.take("lamp")] * 4)) == [False, False, False, True]


def test_one_statement_sells_it_once_in_any_number_of_processes(servers):
    first, second = servers
    first.execute("UPDATE stock SET units = 5")
    sold = at_once(*[lambda: sum(stock.take(first, "lamp") for _ in range(8)),
                     lambda: sum(stock.take(second, "lamp") for _ in range(8))])  # fmt: skip
    assert sum(sold) == 5
    assert units(first) == 0


def test_more_than_there_is_is_refused_whole(servers):
    assert stock.take(servers[0], "lamp", n=2) is False
    assert units(servers[0]) == 1


@pytest.fixture
def tables(db):
    with isolate_apps("apps.lessons"):

        class Stock(models.Model):
            sku = models.TextField(primary_key=True)
            units = models.IntegerField()

            class Meta:
                app_label = "lessons"

        class Order(models.Model):
            sku = models.TextField()
            customer = models.IntegerField()
            units = models.IntegerField()

            class Meta:
                app_label = "lessons"

    with connection.schema_editor() as editor:
        editor.create_model(Stock)
        editor.create_model(Order)
    Stock.objects.create(sku="lamp", units=1)
    return Stock, Order


def test_an_order_takes_the_stock_or_is_not_there(tables):
    lamps, orders = tables
    assert shop.place(lamps, orders, "lamp", customer=7).units == 1
    assert shop.place(lamps, orders, "lamp", customer=8) is None
    assert [order.customer for order in orders.objects.all()] == [7]
    assert lamps.objects.get().units == 0


def test_an_order_that_fails_gives_the_stock_back(tables):
    lamps, orders = tables
    with pytest.raises(TypeError):
        shop.place(lamps, orders, "lamp", customer=object())
    assert lamps.objects.get().units == 1


def test_an_order_of_less_than_nothing_does_not_fill_the_stock(tables):
    lamps, orders = tables
    with pytest.raises(ValueError, match="one unit"):
        shop.place(lamps, orders, "lamp", customer=7, n=-1)
    assert lamps.objects.get().units == 1
