"""Does the code in the lesson on CAP refuse what it should refuse, and answer what it may answer?"""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import RequestFactory

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "foundations/08-consistency-and-cap"
register = module_of_tab(LESSON, "Python")
shop = module_of_tab(LESSON, "Django")


@pytest.fixture
def copies():
    return [register.Copy() for _ in range(3)]


def reachable(copies, *numbers):
    """Cut the network: only copies of these numbers answer."""
    for number, copy in enumerate(copies, 1):
        copy.up = number in numbers


@pytest.mark.parametrize("readers", [(1, 2), (2, 3), (1, 3), (1, 2, 3)])
@pytest.mark.parametrize("writers", [(1, 2), (2, 3), (1, 3)])
def test_two_of_three_always_meet_the_last_write(copies, writers, readers):
    value = register.Register(copies, 2, 2, "a")
    reachable(copies, *writers)
    value.write("new")
    reachable(copies, *readers)
    assert value.read() == "new"


def test_the_side_without_a_majority_is_refused(copies):
    value = register.Register(copies, 2, 2, "a")
    reachable(copies, 3)
    with pytest.raises(register.Unavailable):
        value.write("new")
    with pytest.raises(register.Unavailable):
        value.read()


def test_quorums_of_one_go_on_and_read_old_values(copies):
    value = register.Register(copies, 1, 1, "a")
    reachable(copies, 1)
    value.write("new")
    reachable(copies, 3)
    assert value.read() is None


def half_written(copies):
    """Return a register whose last write has reached copy 1 of three and no other yet."""
    value = register.Register(copies, 2, 2, "a")
    value.write("old")
    reachable(copies, 1, 2, 3)
    copies[2].version, copies[2].value = copies[0].version, "old"
    copies[0].version, copies[0].value = (2, "a"), "new"
    return value


def test_who_reads_later_never_sees_something_older(copies):
    value = half_written(copies)
    reachable(copies, 1, 3)
    assert value.read() == "new"
    reachable(copies, 2, 3)
    assert value.read() == "new"


def test_without_writing_back_a_quorum_goes_back_in_time(copies, monkeypatch):
    value = half_written(copies)
    monkeypatch.setattr(value, "_store", lambda *write: None)
    reachable(copies, 1, 3)
    assert value.read() == "new"
    reachable(copies, 2, 3)
    assert value.read() == "old"


def test_two_writers_leave_one_value_on_all_copies(copies):
    first, second = (register.Register(copies, 2, 2, name) for name in "ab")
    versions = [(1, "a"), (1, "b")]
    for order in (versions, versions[::-1]):
        for version in order:
            first._store(version, f"by {version[1]}", copies)
        assert {copy.value for copy in copies} == {"by b"}
    second.write("later")
    assert first.read() == "later"


def gone(*arguments):
    raise OperationalError


@pytest.fixture
def page():
    """A function that asks the product page for product 7 with a way to load it."""
    cache.delete("product:7")
    yield lambda load: shop.product_page(load)(RequestFactory().get("/products/7"), 7)
    cache.delete("product:7")


def test_a_page_is_rather_old_than_an_error(page):
    assert page(lambda product_id: {"price": 5}).status_code == 200
    response = page(gone)
    assert (response.status_code, json.loads(response.content)) == (200, {"price": 5})
    assert int(response["Age"]) >= 0


def test_a_page_that_was_never_read_is_an_honest_error(page):
    response = page(gone)
    assert (response.status_code, response["Retry-After"]) == (503, "5")


def test_a_copy_is_kept_for_as_long_as_was_agreed(page):
    page(lambda product_id: {"price": 5})
    cache.touch("product:7", 0)
    assert page(gone).status_code == 503


@pytest.mark.parametrize(
    ("charge", "headers", "status"),
    [
        (lambda key: {"key": key}, {"Idempotency-Key": "7f3"}, 201),
        (gone, {"Idempotency-Key": "7f3"}, 503),
        (lambda key: {"key": key}, {}, 400),
    ],
)
def test_a_payment_is_rather_refused_than_wrong(charge, headers, status):
    assert shop.payment(charge)(RequestFactory().post("/payments", headers=headers)).status_code == status


@pytest.fixture
def bank():
    """A function that charges account 1, which holds 9 euros, on a connection of its own."""
    known = connection.get_connection_params()
    dsn = {name: known[name] for name in ("dbname", "user", "password", "host", "port") if name in known}
    statement = code_of_tab(LESSON, "SQL", "sql")

    def charge(key, cents=500):
        with psycopg.connect(**dsn) as connected:
            try:
                return connected.execute(statement, {"key": key, "account": 1, "cents": cents}).fetchone()
            except psycopg.errors.UniqueViolation:
                return None

    with psycopg.connect(**dsn, autocommit=True) as owner:
        owner.execute("DROP TABLE IF EXISTS charge, account")
        owner.execute("CREATE TABLE account (id int PRIMARY KEY, balance_cents int)")
        owner.execute("CREATE TABLE charge (key text PRIMARY KEY, account int, cents int)")
        owner.execute("INSERT INTO account VALUES (1, 900)")
        charge.balance = lambda: owner.execute("SELECT balance_cents FROM account").fetchone()[0]
        yield charge
        owner.execute("DROP TABLE charge, account")


@pytest.mark.django_db
def test_the_same_key_charges_once(bank):
    assert [bank("7f3", 100) for _ in range(3)] == [("7f3",), None, None]
    assert bank.balance() == 800


@pytest.mark.django_db
def test_what_is_not_there_is_not_taken(bank):
    assert [bank("a"), bank("b"), bank("c", 400)] == [("a",), None, ("c",)]
    assert bank.balance() == 0


@pytest.mark.django_db
def test_many_at_once_charge_each_key_once(bank):
    with ThreadPoolExecutor(6) as pool:
        ends = list(pool.map(lambda number: bank(f"key {number % 3}", 100), range(12)))
    assert Counter(ends) == {None: 9, ("key 0",): 1, ("key 1",): 1, ("key 2",): 1}
    assert bank.balance() == 600
