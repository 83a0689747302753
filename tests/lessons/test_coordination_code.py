"""Does the code in the lesson on coordination let one act at a time, and refuse who comes too late?"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, models
from django.test.utils import isolate_apps

from tests.lessons.tables import own_schema
from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "production/08-coordination"
shop = module_of_tab(LESSON, "Python")
WRITE_COMPARED = "UPDATE account SET cents = %s, fence = %s WHERE id = 1 AND fence <= %s"


class Clock:
    """A holder's own clock, which stands still until it is told the time."""

    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def connect():
    """Connections to a schema of their own, with the lesson's tables and one account."""
    with own_schema(code_of_tab(LESSON, "SQL", "sql") + "INSERT INTO account (id, cents) VALUES (1, 100)") as connected:
        yield connected


@pytest.fixture
def rows(connect):
    return connect()


def cents(db):
    return db.execute("SELECT cents FROM account").fetchone()[0]


def time_passes(db):
    """Every lease is over."""
    db.execute("UPDATE lease SET ends = clock_timestamp() - interval '1 s'")


def test_of_many_that_try_at_once_one_gets_it(connect):
    leases = [shop.Lease(connect(), "ledger") for _ in range(8)]
    start = threading.Barrier(8)

    def attempt(lease):
        start.wait()
        return lease.take()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(attempt, leases)) == [False] * 7 + [True]


def test_tokens_grow_whether_the_holder_released_or_was_lost(rows):
    first, second, third = (shop.Lease(rows, "ledger") for _ in range(3))
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    time_passes(rows)
    assert third.take()
    assert [lease.token for lease in (first, second, third)] == [1, 2, 3]
    second.release()  # too late: it is not its own any more
    assert not first.take()


def test_a_holder_stops_before_the_end_and_renewing_moves_it(rows):
    clock = Clock()
    lease = shop.Lease(rows, "ledger", seconds=15, clock=clock)
    lease.take()
    clock.now += 9
    assert lease.held()
    clock.now += 2
    assert not lease.held()
    assert lease.renew()
    assert lease.held()
    time_passes(rows)
    assert not lease.renew()
    assert not lease.held()


def paused_holder(db):
    """Return the tokens of A, which has read and stands still, and of B, which came after it."""
    a, b = shop.Lease(db, "ledger"), shop.Lease(db, "ledger")
    a.take()
    assert shop.read_fenced(db, a.token, 1) == 100
    time_passes(db)
    b.take()
    return a.token, b.token


def test_the_late_write_of_a_paused_holder_is_refused_even_before_its_successor_has_written(rows):
    a, b = paused_holder(rows)
    read = shop.read_fenced(rows, b, 1)
    with pytest.raises(shop.Fenced):
        shop.write_fenced(rows, a, 1, 100 + 20)
    shop.write_fenced(rows, b, 1, read + 50)
    assert cents(rows) == 150
    with pytest.raises(shop.Fenced):
        shop.read_fenced(rows, a, 1)


def test_a_fence_that_is_only_compared_on_write_loses_an_update(rows):
    a, b = paused_holder(rows)
    read = cents(rows)  # B reads, and does not raise the fence
    assert rows.execute(WRITE_COMPARED, [100 + 20, a, a]).rowcount == 1
    assert rows.execute(WRITE_COMPARED, [read + 50, b, b]).rowcount == 1
    assert cents(rows) == 150  # both were told that all is well, and 20 are gone


def test_who_has_not_read_under_its_token_may_not_write(rows):
    lease = shop.Lease(rows, "ledger")
    lease.take()
    with pytest.raises(shop.Fenced):
        shop.write_fenced(rows, lease.token, 1, 0)


def test_without_a_lock_one_statement_loses_nothing(connect):
    rows = [connect() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda db: [shop.add(db, 1, 1) for _ in range(25)], rows))
    assert cents(rows[0]) == 200


@pytest.fixture
def alone():
    """The Django tab, and a table of accounts. Its tests are marked, so that the database is there."""
    with isolate_apps("apps.lessons"):

        class Account(models.Model):
            cents = models.IntegerField()
            version = models.IntegerField(default=0)

            class Meta:
                app_label = "lessons"

    with connection.schema_editor() as schema:
        schema.create_model(Account)
    Account.objects.create(id=1, cents=100)
    return module_of_tab(LESSON, "Django", Account=Account)


@pytest.mark.django_db
def test_what_was_computed_from_an_old_version_is_computed_again(alone):
    meanwhile = iter([True])

    def compute(read):
        if next(meanwhile, False):
            alone.change(1, lambda cents: cents + 50)
        return read + 20

    assert alone.change(1, compute) == 170


@pytest.mark.django_db
def test_an_advisory_lock_is_held_until_the_transaction_ends(alone):
    other = connections.create_connection("default")

    def free(name):
        with other.cursor() as cursor:
            key = alone.zlib.crc32(name.encode())
            cursor.execute("SELECT pg_try_advisory_lock(%s), pg_advisory_unlock(%s)", [key, key])
            return cursor.fetchone()[0]

    try:
        assert free("report")
        with alone.alone("report") as we_are:
            assert we_are
            assert not free("report")
            assert free("another")
    finally:
        other.close()
