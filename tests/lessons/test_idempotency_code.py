"""Is the second of two equal requests harmless in the lesson on idempotency: late, at once, and in a job's restart?"""

import contextlib
import json
import threading

import pytest
from django.test import RequestFactory

from tests.lessons.tables import own_schema
from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "production/02-idempotency"
shop = module_of_tab(LESSON, "Python")
views = module_of_tab(LESSON, "Django", once=shop.once, KeyReused=shop.KeyReused, Busy=shop.Busy)
jobs = module_of_tab(LESSON, "Batch job")
KEY = "7f3c0a52-key"
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"


@pytest.fixture
def connect():
    """Connections to a schema of their own, with the lesson's tables."""
    with own_schema(code_of_tab(LESSON, "SQL", "sql")) as connected:
        yield connected


@pytest.fixture
def db(connect):
    return connect()


def post(db, key=KEY, cents=4900, client="ada"):
    headers = {"Idempotency-Key": key} if key else {}
    request = RequestFactory().post("/orders", {"cents": cents}, "application/json", headers=headers)
    answer = views.place_order(request, db, client)
    return answer.status_code, json.loads(answer.content)


def orders(db):
    return db.execute("SELECT count(*) FROM orders").fetchone()[0]


def together(*works):
    """Run the works in threads that start at the same moment; return what they return."""
    gate, done = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        gate.wait(10)
        done[place] = work()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return done


def until(db, pid):
    """Return when the connection `pid` waits for a lock; fail after too many looks."""
    for _ in range(20_000):
        if db.execute(WAITS, [pid]).fetchone()[0]:
            return
    pytest.fail("it never waited")


def test_the_retry_gets_the_first_answer_and_there_is_one_order(db):
    first = post(db)
    assert first[0] == 201
    assert post(db) == first
    assert orders(db) == 1


def test_a_key_is_needed_and_names_one_wish_of_one_client(db):
    assert post(db, key=None)[0] == 400
    first = post(db)
    assert post(db, cents=9000)[0] == 422
    assert post(db, client="brian")[1] != first[1]
    assert orders(db) == 2


def test_of_two_equal_requests_at_once_one_is_done_and_both_are_answered(connect, db):
    one, two = connect(), connect()
    for number in range(25):
        key = f"{KEY}-{number}"
        first, second = together(lambda key=key: post(one, key), lambda key=key: post(two, key))
        assert first == second
        assert first[0] == 201
    assert orders(db) == 25


def test_looking_first_lets_both_through(connect, db):
    one, two = connect(), connect()
    for each in (one, two):
        each.autocommit = False
        assert not each.execute(shop.SEEN, ["ada", KEY]).fetchone()
    for each in (one, two):
        each.execute("INSERT INTO orders (client, cents) VALUES ('ada', 4900)")
        each.commit()
    assert orders(db) == 2


@pytest.mark.parametrize("dies", [False, True])
def test_the_second_waits_for_the_first_and_takes_over_if_that_dies(connect, db, dies):
    one, two, claimed, go, done = connect(), connect(), threading.Event(), threading.Event(), {}

    def slow(_):
        claimed.set()
        go.wait(10)
        if dies:
            raise ZeroDivisionError
        return 201, "by the first"

    def first():
        with contextlib.suppress(ZeroDivisionError):
            done["first"] = shop.once(one, "ada", KEY, 1, slow)

    def second():
        claimed.wait(10)
        done["second"] = shop.once(two, "ada", KEY, 1, lambda _: (201, "by the second"), "20s")

    threads = [threading.Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    until(db, two.info.backend_pid)
    go.set()
    for thread in threads:
        thread.join(20)
    by_first = (201, "by the first")
    assert done == ({"second": (201, "by the second")} if dies else {"first": by_first, "second": by_first})


def test_who_waits_too_long_is_told_so(connect, db):
    one = connect()
    with one.transaction():
        one.execute(shop.CLAIM, ["ada", KEY, b""])
        with pytest.raises(shop.Busy):
            shop.once(db, "ada", KEY, 1, lambda _: (201, ""), patience="20ms")
    assert post(db)[0] == 422, "the first has committed another wish"


def test_a_job_that_dies_and_one_that_overlaps_charge_each_account_once(connect, db):
    db.execute("INSERT INTO account SELECT i, 1000 FROM generate_series(1, 300) i")
    db.execute(jobs.CHARGE, {"month": "2026-11-01", "cents": 5, "ids": list(range(1, 41))})  # then it died
    one, two = connect(), connect()
    together(*[lambda db=each: jobs.charge_fees(db, "2026-11-01", 5, batch=17) for each in (one, two)])
    assert db.execute("SELECT DISTINCT cents FROM account").fetchall() == [(995,)]
    jobs.charge_fees(db, "2026-12-01", 5)
    assert db.execute("SELECT DISTINCT cents FROM account").fetchall() == [(990,)]
