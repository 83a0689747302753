"""Is nobody charged twice and no cent lost in the lesson on payments, whatever the provider does?"""

import threading

import psycopg
import pytest

from tests.lessons.tables import own_schema
from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "backend-design/11-payments"
shop = module_of_tab(LESSON, "Python")
books = module_of_tab(LESSON, "Reconciliation")


@pytest.fixture
def connect():
    """Connections to a schema of their own, with the lesson's tables, its accounts and the payment p17."""
    with own_schema(code_of_tab(LESSON, "SQL", "sql")) as connected:
        db = connected()
        for name in ("clearing:card", "sales", "bank", "fees"):
            db.execute("INSERT INTO account VALUES (%s, 'USD')", [name])
        db.execute("INSERT INTO account VALUES ('cash', 'EUR', NULL, NULL), ('wallet', 'USD', NULL, 0)")
        db.execute("INSERT INTO payment (id, order_id, cents) VALUES ('p17', 17, 4900)")
        yield connected


@pytest.fixture
def db(connect):
    return connect()


class Provider:
    """A provider that honours keys. `loses`: how many answers get lost after the charge, `deaf`: never hears a call."""

    def __init__(self, state="paid", loses=0, deaf=False):
        self.state, self.loses, self.deaf, self.known = state, loses, deaf, {}

    def charge(self, key, cents):
        if self.deaf:
            raise TimeoutError
        self.known.setdefault(key, shop.Answer(self.state, cents, f"ch_{key}"))
        if self.loses:
            self.loses -= 1
            raise TimeoutError
        return self.known[key]

    def find(self, key):
        return self.known.get(key)


def total(db, account):
    return int(db.execute("SELECT coalesce(sum(amount), 0) FROM entry WHERE account = %s", [account]).fetchone()[0])


def aged(db, hours):
    db.execute("UPDATE payment SET sent_at = now() - make_interval(hours => %s)", [hours])


def test_a_payment_is_charged_and_posted_once_however_often_it_is_asked_for(db):
    provider = Provider()
    assert [shop.pay(db, provider, "p17") for _ in range(3)] == ["paid"] * 3
    assert shop.settle(db, "p17", shop.Answer("refused", 4900, "late")) == "paid"
    assert (total(db, "clearing:card"), total(db, "sales")) == (4900, -4900)


def test_a_lost_answer_is_a_state_of_its_own_and_is_found_out(db):
    provider = Provider(loses=1)
    assert shop.pay(db, provider, "p17") == "sent"
    assert total(db, "sales") == 0
    assert shop.resolve(db, provider) == []
    assert total(db, "sales") == 0, "it is younger than a minute"
    aged(db, 1)
    assert shop.resolve(db, provider) == []
    assert total(db, "sales") == -4900
    assert shop.pay(db, provider, "p17") == "paid"


def test_a_call_that_never_arrived_is_repeated_while_the_key_lives_and_then_shown_to_a_person(db):
    deaf = Provider(deaf=True)
    assert shop.pay(db, deaf, "p17") == "sent"
    aged(db, 21)
    assert shop.resolve(db, deaf) == ["p17"]
    aged(db, 2)
    assert shop.resolve(db, Provider()) == []
    assert total(db, "sales") == -4900


def test_a_refusal_moves_nothing_and_frees_the_order(db):
    again = "INSERT INTO payment (id, order_id, cents) VALUES ('p18', 17, 4900)"
    with pytest.raises(psycopg.errors.UniqueViolation):
        db.execute(again)
    assert shop.pay(db, Provider(state="refused"), "p17") == "refused"
    assert total(db, "sales") == 0
    db.execute(again)


def test_another_amount_than_asked_for_is_not_settled(db):
    with pytest.raises(ValueError, match="asked for 4900, got 49"):
        shop.settle(db, "p17", shop.Answer("paid", 49, "ch_1"))
    assert db.execute("SELECT state FROM payment").fetchone() == ("created",)


def test_a_strange_answer_does_not_stop_the_resolver(db):
    db.execute("INSERT INTO payment (id, order_id, cents) VALUES ('p18', 18, 900)")
    lost = Provider(loses=2)
    assert [shop.pay(db, lost, each) for each in ("p17", "p18")] == ["sent"] * 2
    lost.known["p17"] = shop.Answer("paid", 49, "ch_p17")
    aged(db, 1)
    assert shop.resolve(db, lost) == ["p17"]
    assert total(db, "sales") == -900


def test_the_payout_empties_the_clearing_account(db):
    shop.pay(db, Provider(), "p17")
    payout = {"bank": 4728, "fees": 172, "clearing:card": -4900}
    assert shop.post(db, "payout:1", payout)
    assert not shop.post(db, "payout:1", payout)
    assert [total(db, each) for each in ("clearing:card", "bank", "fees", "sales")] == [0, 4728, 172, -4900]
    assert round(4900 * 0.029 + 30) == 172


@pytest.mark.parametrize(
    "entries",
    [{}, {"bank": 5}, {"bank": 5, "sales": -4}, {"bank": 5, "cash": -5}, {"bank": 0, "sales": 0}],
    ids=["none", "one", "a cent off", "two currencies", "zeros"],
)
def test_what_does_not_sum_to_zero_is_not_committed(db, entries):
    with pytest.raises(psycopg.errors.CheckViolation):
        shop.post(db, "wrong", entries)
    assert db.execute("SELECT count(*) FROM posting").fetchone() == (0,)


@pytest.mark.parametrize("change", ["UPDATE entry SET amount = 1", "DELETE FROM entry", "TRUNCATE posting CASCADE"])
def test_what_is_written_stays(db, change):
    shop.post(db, "sale", {"bank": 5, "sales": -5})
    with pytest.raises(psycopg.errors.RaiseException, match="only appended to"):
        db.execute(change)
    assert total(db, "bank") == 5


def test_of_two_withdrawals_at_once_one_is_refused(connect, db):
    shop.post(db, "top-up", {"clearing:card": 100, "wallet": -100})  # we owe 100
    gate, done = threading.Barrier(2), []

    def withdraw(own, key):
        gate.wait(10)
        try:
            done.append(shop.post(own, key, {"wallet": 80, "bank": -80}))
        except psycopg.errors.CheckViolation:
            done.append("overdrawn")

    threads = [threading.Thread(target=withdraw, args=[connect(), key]) for key in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(map(str, done)) == ["True", "overdrawn"]
    assert total(db, "wallet") == -20


def test_a_sum_lets_both_through_even_at_repeatable_read(connect, db):
    shop.post(db, "top-up", {"clearing:card": 100, "sales": -100})  # an account without a limit
    one, two = connect(), connect()
    for each in (one, two):
        each.autocommit, each.isolation_level = False, psycopg.IsolationLevel.REPEATABLE_READ
        assert total(each, "clearing:card") >= 80
    for each in (one, two):
        shop.post(each, str(each.info.backend_pid), {"clearing:card": -80, "bank": 80})
        each.commit()
    assert total(db, "clearing:card") == -60


def test_differences_are_named(db):
    for number, cents in ((1, 100), (2, 200), (3, 300)):
        db.execute(
            "INSERT INTO payment (id, order_id, cents, state, provider_id) VALUES (%s, %s, %s, 'paid', %s)",
            [number, number, cents, f"ch_{number}"],
        )
    report = [("ch_1", 100), ("ch_2", 190), ("ch_9", 900)]
    assert books.differences(db, report) == [("ch_2", 200, 190), ("ch_3", 300, None), ("ch_9", None, 900)]
