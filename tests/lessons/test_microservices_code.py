"""Does the saga of the lesson on microservices end, go back and go on, and do its borders hold?"""

import os
from types import SimpleNamespace

import psycopg
import pytest

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "building-blocks/07-microservices"
sagas = module_of_tab(LESSON, "Python")
borders = module_of_tab(LESSON, "Django")


@pytest.fixture
def db():
    """A connection in which the lesson's two owners exist, and are gone in the end; order 17 has begun."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connected:
        connected.execute(code_of_tab(LESSON, "SQL", "sql"))
        connected.execute("INSERT INTO orders.saga (order_id) VALUES (17)")
        yield connected
        connected.rollback()


class Service:
    """One step that keeps its books by key, and answers as the test tells it to."""

    def __init__(self, book, name):
        self.book, self.name, self.error = book, name, None

    def do(self, key):
        if self.error:
            raise self.error
        self.book.append(("do", self.name, key))

    def undo(self, key):
        self.book.append(("undo", self.name, key))


@pytest.fixture
def shop():
    book = []
    steps = [Service(book, name) for name in ("payments", "stock", "shipping")]
    return SimpleNamespace(book=book, steps=steps)


def state(db):
    return db.execute("SELECT state, at FROM orders.saga WHERE order_id = 17").fetchone()


def test_a_saga_does_its_steps_in_order_with_a_key_each(db, shop):
    assert sagas.run(db, 17, shop.steps) == "done"
    assert shop.book == [("do", "payments", "17:0"), ("do", "stock", "17:1"), ("do", "shipping", "17:2")]
    assert sagas.run(db, 17, shop.steps) == "done"
    assert len(shop.book) == 3, "a second run does nothing"


def test_a_refusal_undoes_what_was_done_last_one_first(db, shop):
    shop.steps[2].error = sagas.Refused("no address")
    assert sagas.run(db, 17, shop.steps) == "undone"
    assert shop.book[2:] == [("undo", "stock", "17:1"), ("undo", "payments", "17:0")]


def test_a_timeout_is_not_a_no_and_the_next_run_asks_the_same_step(db, shop):
    shop.steps[1].error = TimeoutError()
    with pytest.raises(TimeoutError):
        sagas.run(db, 17, shop.steps)
    assert state(db) == ("doing", 1)
    shop.steps[1].error = None
    assert sagas.run(db, 17, shop.steps) == "done"
    assert [entry[2] for entry in shop.book] == ["17:0", "17:1", "17:2"]


def test_of_two_workers_the_slower_one_changes_nothing(db, shop):
    real = shop.steps[0].do

    def while_another_finishes(key):
        shop.steps[0].do = real
        sagas.run(db, 17, shop.steps)
        real(key)

    shop.steps[0].do = while_another_finishes
    assert sagas.run(db, 17, shop.steps) == "done"
    assert state(db) == ("done", 3)
    assert [entry[2] for entry in shop.book] == ["17:0", "17:1", "17:2", "17:0"], "the key came twice"


def test_what_does_not_move_is_found(db):
    assert sagas.stuck(db) == []
    db.execute("UPDATE orders.saga SET touched = now() - interval '61 minutes'")
    assert sagas.stuck(db) == [17]
    db.execute("UPDATE orders.saga SET state = 'undone'")
    assert sagas.stuck(db) == []


def test_a_service_reads_its_own_tables_and_no_others(db):
    db.execute("SET LOCAL ROLE orders_app")
    assert state(db) == ("doing", 0)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), db.transaction():
        db.execute("SELECT * FROM payments.charge")


def test_imports_behind_the_front_door_are_found(tmp_path):
    for name, code in {
        "orders/views.py": "from payments import api\nfrom payments.api import charge\nimport orders.models\n",
        "orders/jobs.py": "import os\nfrom . import models\nfrom payments.models import Charge\nimport stock.tables\n",
        "stock/api.py": "from orders import models\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(code)
    assert borders.trespasses(tmp_path) == [
        "orders/jobs.py:3: payments.models.Charge",
        "orders/jobs.py:4: stock.tables",
        "stock/api.py:1: orders.models",
    ]
