"""Does the planner use the indexes of the lesson as it says, and do writes pay for them?"""

import os
import re
import uuid

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import isolate_apps

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "building-blocks/10-indexing"
plans = module_of_tab(LESSON, "Python")
TABLE = """
    CREATE TABLE account (
        id bigint PRIMARY KEY, email text, first_name text, last_name text, country text, active boolean,
        created_at timestamptz, home point, bio text, luck int, seen int DEFAULT 0);
    INSERT INTO account
    SELECT n, 'Name' || n || '@example.com', 'f' || n / 10 % 20, 'l' || n % 7, 'c' || n % 10, n % 1000 <> 0,
        timestamptz '2020-01-01' + n * interval '1 minute',
        point(n * 7919 % 3600 / 10.0 - 180, n * 104729 % 1700 / 10.0 - 85),
        'likes music' || CASE n % 1000 WHEN 7 THEN ' and hotels in Kathmandu' ELSE '' END, hashint8(n) & 65535
    FROM generate_series(1, 20000) n;
    ANALYZE account"""
NEWEST = """SELECT * FROM account WHERE country = 'c2' AND first_name = 'f12' ORDER BY created_at DESC LIMIT 20"""


@pytest.fixture(scope="module")
def server():
    """A schema with 20,000 accounts, and nothing but a primary key."""
    schema = f"shop_{uuid.uuid4().hex}"
    options = f"-c search_path={schema} -c max_parallel_workers_per_gather=0"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, options=options) as connected:
        connected.execute(f"CREATE SCHEMA {schema}")
        connected.execute(TABLE)
        yield connected
        connected.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def bare(server):
    names = "SELECT indexname FROM pg_indexes WHERE indexname ~ '^account' AND indexname <> 'account_pkey'"
    for (name,) in server.execute(f"{names} AND schemaname = current_schema()").fetchall():
        server.execute(f"DROP INDEX {name}")
    return server


@pytest.fixture
def indexed(bare):
    for statement in code_of_tab(LESSON, "SQL", "sql").split(";")[:-1]:
        bare.execute(statement)
    bare.execute("VACUUM ANALYZE account")
    return bare


QUESTIONS = {
    "composite": NEWEST,
    "expression": "SELECT * FROM account WHERE lower(email) = 'name77@example.com'",
    "partial": "SELECT * FROM account WHERE NOT active ORDER BY created_at DESC LIMIT 5",
    "covering": "SELECT max(last_name) FROM account WHERE first_name = 'f12'",
    "text": "SELECT * FROM account WHERE to_tsvector('english', bio) @@ to_tsquery('english', 'hotel & kathmandu')",
    "nearest": "SELECT id FROM account ORDER BY home <-> point(85.3, 27.7) LIMIT 10",
}


def test_each_question_has_its_index_and_reads_a_tenth_of_the_pages(bare, request):
    before = {name: plans.plan(bare, query) for name, query in QUESTIONS.items()}
    indexed = request.getfixturevalue("indexed")
    after = {name: plans.plan(indexed, query) for name, query in QUESTIONS.items()}
    for name, (pages, _) in before.items():
        assert after[name][0] * 10 < pages, name
    assert "Seq Scan" in before["composite"][1]
    assert after["composite"][1] == ["Limit", "Index Scan"]  # nothing is sorted
    assert "Index Only Scan" in after["covering"][1]
    assert after["nearest"][1] == ["Limit", "Index Scan"]


def test_an_index_does_not_help_the_common_value_nor_a_column_in_a_function(indexed):
    assert plans.plan(indexed, "SELECT * FROM account WHERE active AND bio <> ''")[1] == ["Seq Scan"]
    indexed.execute("CREATE INDEX account_plain ON account (email)")
    assert "Index Scan" in plans.plan(indexed, "SELECT * FROM account WHERE email = 'Name77@example.com'")[1]
    assert plans.plan(indexed, "SELECT * FROM account WHERE upper(email) = 'X'")[1] == ["Seq Scan"]


def test_the_wrong_order_of_columns_reads_many_times_the_pages(bare):
    pages, newest = [], NEWEST.replace("*", "created_at")
    bare.execute("VACUUM account")  # so that only the index is read
    for columns in ("country, first_name, created_at", "created_at, country, first_name"):
        bare.execute(f"CREATE INDEX account_order ON account ({columns})")
        bare.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        pages.append(plans.plan(bare, newest)[0])
        bare.execute("RESET enable_seqscan; RESET enable_bitmapscan; DROP INDEX account_order")
    assert pages[1] > 4 * pages[0]


@pytest.mark.parametrize("share", [0.005, 0.02, 0.1])
def test_the_share_of_pages_is_what_the_formula_says(bare, share):
    pages = "SELECT count(DISTINCT (ctid::text::point)[0]) FROM account"
    (total,) = bare.execute(pages).fetchone()
    (found,) = bare.execute(f"{pages} WHERE luck < %s", [65_536 * share]).fetchone()
    assert found / total == pytest.approx(plans.share_of_pages(share, 20_000 / total), abs=0.06)


def written(server, statement):
    """Return the bytes of log that a statement writes."""
    now = "SELECT pg_current_wal_insert_lsn()"
    before = server.execute(now).fetchone()[0]
    server.execute(statement)
    return server.execute(f"SELECT pg_wal_lsn_diff(({now}), %s)::int", [before]).fetchone()[0]


def test_each_index_makes_the_insert_write_more(bare):
    sizes = []
    for number, column in enumerate(("luck", "email", "bio", None), start=1):
        first = number * 10**6
        sizes.append(
            written(
                bare,
                f"""INSERT INTO account SELECT id + {first}, email, first_name, last_name, country, active,
                created_at, home, bio, luck FROM account WHERE id <= 2000""",
            )
        )
        if column:
            bare.execute(f"CREATE INDEX account_{column} ON account ({column})")
    bare.execute("DELETE FROM account WHERE id > 100000")
    assert sizes[3] > 1.5 * sizes[0]
    assert sizes == sorted(sizes)


def heap_only(server):
    """Return how many updates of accounts have left the indexes alone so far."""
    server.execute("SELECT pg_stat_force_next_flush()")
    return server.execute("SELECT pg_stat_get_tuples_hot_updated('account'::regclass)").fetchone()[0]


def test_an_update_of_an_indexed_column_is_never_heap_only(bare):
    change = "UPDATE account SET seen = seen + 1 WHERE id BETWEEN 100 AND 140"
    bare.execute("ALTER TABLE account SET (fillfactor = 50)")
    bare.execute("VACUUM FULL account")
    counts = [heap_only(bare)]
    for statement in (change, "CREATE INDEX account_seen ON account (seen)", change):
        bare.execute(statement)
        counts.append(heap_only(bare) - counts[0])
    bare.execute("ALTER TABLE account RESET (fillfactor)")
    assert counts[1:] == [41, 41, 41]


def test_unused_indexes_are_named_but_never_one_that_is_a_rule(indexed):
    indexed.execute("CREATE INDEX account_useless ON account (luck)")
    names = [name for name, _ in plans.unused(indexed)]
    assert "account_useless" in names
    assert "account_email" not in names


@pytest.mark.django_db
def test_the_django_model_makes_its_indexes(db):
    with isolate_apps("apps.lessons"):
        code = code_of_tab(LESSON, "Django").replace('app_label = "shop"', 'app_label = "lessons"')
        module = {"__name__": "shop.models"}
        exec(code, module)
        account = module["Account"]
    with connection.schema_editor() as schema:
        schema.create_model(account)
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [account._meta.db_table])
        made = " ".join(definition for (definition,) in cursor.fetchall())
    for expected in (r"first_name, created_at DESC", r"WHERE \(?NOT active", r"INCLUDE \(last_name\)", "UNIQUE.*lower"):
        assert re.search(expected, made), made
    account.objects.create(email="Ada@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        account.objects.create(email="ada@example.com")
