"""Does the code in the lesson on background jobs lose no job, and store no effect twice?"""

import json
import re

import psycopg
import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from config.celery import app
from tests.lessons.tables import own_schema
from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "backend-design/06-background-jobs"
jobs = module_of_tab(LESSON, "Python")
TAKE_BY_WAITING = "SELECT id FROM job ORDER BY run_at LIMIT 1 FOR UPDATE"


@pytest.fixture
def connect():
    """Connections to a schema of their own, with the lesson's tables and one for effects."""
    with own_schema(code_of_tab(LESSON, "SQL", "sql") + "CREATE TABLE effect (of text);") as connected:
        yield connected


@pytest.fixture
def db(connect):
    return connect()


def store(db, result):
    db.execute("INSERT INTO effect VALUES (%s)", [result])


def handlers(work):
    return {"mail": (lambda args, beat: work(args), store)}


def effects(db):
    return [of for (of,) in db.execute("SELECT of FROM effect").fetchall()]


def now_due(db):
    """Let time pass: every lease and every delay is over."""
    db.execute("UPDATE job SET run_at = now()")


def the_job(db):
    return db.execute("SELECT attempts, dead_since IS NOT NULL, run_at > now() FROM job").fetchone()


def test_a_job_is_there_if_the_change_is_and_gone_when_done(db):
    with db.transaction(force_rollback=True):
        jobs.enqueue(db, "mail", "never")
    jobs.enqueue(db, "mail", "order 7")
    assert jobs.work_one(db, handlers(str.upper))
    assert effects(db) == ["ORDER 7"]
    assert not jobs.work_one(db, handlers(str.upper))


def test_a_worker_that_was_overtaken_leaves_no_effect(connect, db):
    jobs.enqueue(db, "mail", "order 7")
    other = connect()

    def slow(args):
        now_due(other)  # the lease ends while we work, and another worker is quicker
        assert jobs.work_one(other, handlers(str.upper))
        return args

    assert jobs.work_one(db, handlers(slow))
    assert effects(db) == ["ORDER 7"]
    assert the_job(db) is None


def test_a_heartbeat_keeps_the_job_and_says_when_it_is_lost(connect, db):
    jobs.enqueue(db, "mail", "order 7")
    (job, _, _, attempt) = db.execute(jobs.TAKE, [-1]).fetchone()  # a lease that is over at once
    assert jobs.extend(db, job, attempt)
    other = connect()
    assert other.execute(jobs.TAKE, [60]).fetchone() is None
    now_due(db)
    assert other.execute(jobs.TAKE, [60]).fetchone()[3] == 2
    assert not jobs.extend(db, job, attempt)


def test_work_that_beats_keeps_its_job_and_ends_when_it_is_lost(connect, db):
    jobs.enqueue(db, "mail", "order 7")
    other = connect()

    def long(args, beat):
        now_due(other)  # the lease is nearly over
        beat()
        assert not jobs.work_one(other, handlers(str.upper))
        now_due(other)
        assert other.execute(jobs.TAKE, [-1]).fetchone()[3] == 2
        beat()
        pytest.fail("it worked on what another has")

    assert jobs.work_one(db, {"mail": (long, store)})
    assert (effects(db), the_job(db)[0]) == ([], 2)


def test_a_failure_comes_back_later_and_the_last_one_is_a_dead_letter(db):
    def broken(_):
        raise OSError("provider away")

    jobs.enqueue(db, "mail", "order 7")
    for attempt in range(1, jobs.ATTEMPTS + 1):
        assert jobs.work_one(db, handlers(broken))
        assert the_job(db) == (attempt, attempt == jobs.ATTEMPTS, True)
        now_due(db)
    assert not jobs.work_one(db, handlers(broken))
    assert sum(map(jobs.delay_s, range(1, jobs.ATTEMPTS))) == 3810


def test_what_is_hopeless_is_dead_at_once_and_what_kills_workers_is_buried_unworked(db):
    def hopeless(_):
        raise jobs.Hopeless

    jobs.enqueue(db, "mail", "order 7")
    jobs.work_one(db, handlers(hopeless))
    assert the_job(db)[:2] == (1, True)
    db.execute("TRUNCATE job")
    jobs.enqueue(db, "mail", "huge file")
    for _ in range(jobs.ATTEMPTS):
        assert db.execute(jobs.TAKE, [-1]).fetchone()  # and the worker is killed
    jobs.work_one(db, handlers(lambda args: pytest.fail("it was worked on")))
    assert the_job(db)[:2] == (jobs.ATTEMPTS + 1, True)


def test_three_schedulers_make_one_job_a_slot(connect):
    schedulers = [connect() for _ in range(3)]
    for slot in ("2026-11-21", "2026-11-22"):
        for each in schedulers:
            jobs.tick(each, "billing", slot, "mail", slot)
    assert schedulers[0].execute("SELECT args FROM job ORDER BY id").fetchall() == [("2026-11-21",), ("2026-11-22",)]


def test_without_skip_locked_the_second_worker_waits_for_the_first(connect, db):
    jobs.enqueue(db, "mail", 1)
    jobs.enqueue(db, "mail", 2)
    other = connect()
    with db.transaction():
        (first,) = db.execute(TAKE_BY_WAITING).fetchone()
        other.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute(TAKE_BY_WAITING)
        assert other.execute(jobs.TAKE, [60]).fetchone()[0] != first


def pages_of_a_take(db):
    with db.transaction(force_rollback=True):
        plan = db.execute("EXPLAIN (ANALYZE, BUFFERS) " + jobs.TAKE, [60]).fetchall()
    return int(re.search(r"shared hit=(\d+)", str(plan))[1])


def test_jobs_that_are_done_stay_in_the_way_of_the_next_while_an_old_snapshot_is_open(connect, db):
    old = connect()
    pages = []
    for snapshot in (False, True):
        with old.transaction():
            if snapshot:
                old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                old.execute("SELECT count(*) FROM job")
            for _ in range(3):
                db.execute("INSERT INTO job (kind, args) SELECT 'mail', '1' FROM generate_series(1, 1000)")
                db.execute("DELETE FROM job")
                db.execute("VACUUM job")
            jobs.enqueue(db, "mail", 1)
            pages.append(pages_of_a_take(db))
    assert pages[1] > 3 * pages[0]


class Provider:
    """A mail provider that is away for some calls, and drops a key that it has seen."""

    def __init__(self, away):
        self.away, self.sent = away, {}

    def send(self, kind, order_id, key):
        self.away -= 1
        if self.away >= 0:
            raise ConnectionError("provider away")
        self.sent[key] = order_id


@pytest.fixture
def shop(broker):
    """The Celery tab with tables of its own; its broker is the tests' Redis."""
    app.set_current()
    app.tasks.pop("shop.send_receipt", None)  # a name is registered once: that of the last test is gone
    with isolate_apps("apps.lessons"):

        class Order(models.Model):
            cents = models.IntegerField()
            receipt = models.TextField(default="")

            class Meta:
                app_label = "lessons"

        class DeadJob(models.Model):
            task, args, error = models.TextField(), models.JSONField(), models.TextField()

            class Meta:
                app_label = "lessons"

    with connection.schema_editor() as schema:
        schema.create_model(Order)
        schema.create_model(DeadJob)
    return module_of_tab(LESSON, "Django and Celery", Order=Order, DeadJob=DeadJob)


@pytest.mark.django_db
def test_the_receipt_goes_out_after_the_commit_and_once(shop, broker, django_capture_on_commit_callbacks):
    shop.mail = Provider(away=0)
    with django_capture_on_commit_callbacks() as after_commit:
        order = shop.place_order(4900)
    assert broker.llen("interactive") == 0
    after_commit[0]()
    (message,) = broker.lrange("interactive", 0, -1)
    assert json.loads(message)["headers"]["task"] == "shop.send_receipt"
    for _ in range(2):
        shop.send_receipt(order.pk)
    order.refresh_from_db()
    assert (order.receipt, shop.mail.sent) == ("sent", {f"receipt:{order.pk}": order.pk})


@pytest.mark.django_db
def test_the_task_survives_its_worker_and_after_the_last_retry_there_is_a_dead_letter(shop):
    task = shop.send_receipt
    assert (task.acks_late, task.reject_on_worker_lost, task.max_retries) == (True, True, 7)
    shop.mail = Provider(away=7)
    order = shop.Order.objects.create(cents=1)
    task.apply([order.pk], throw=False)
    order.refresh_from_db()
    assert order.receipt == "sent"
    assert shop.DeadJob.objects.count() == 0
    shop.mail = Provider(away=8)
    task.apply([order.pk], throw=False)
    assert shop.DeadJob.objects.first().error == "ConnectionError('provider away')"
