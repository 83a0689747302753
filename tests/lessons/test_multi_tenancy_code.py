"""Do the policies of the lesson keep tenants apart on a real PostgreSQL, and do the ways around them exist?"""

import os
import uuid

import psycopg
import pytest

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "backend-design/12-multi-tenancy"
tenancy = module_of_tab(LESSON, "Python")
COUNT = "SELECT count(*) FROM invoice"


@pytest.fixture
def shop():
    """A superuser's session on the lesson's schema, with 300 invoices of three tenants; `shop.app` is its role."""
    name = uuid.uuid4().hex
    schema, app = f"tenants_{name}", f"shop_app_{name}"
    options = f"-c search_path={schema}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, options=options) as admin:
        admin.execute(f"CREATE SCHEMA {schema}")
        admin.execute(code_of_tab(LESSON, "SQL", "sql").replace("shop_app", app))
        admin.execute(f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {app}")
        admin.execute(
            "INSERT INTO invoice (tenant_id, number, cents) SELECT n % 3 + 7, n, n FROM generate_series(1, 300) n"
        )
        admin.app = app
        yield admin
        admin.execute("RESET ROLE")
        admin.execute(f"DROP SCHEMA {schema} CASCADE")
        admin.execute(f"DROP OWNED BY {app}")
        admin.execute(f"DROP ROLE {app}")


@pytest.fixture
def app(shop):
    """The same session as the application's role, which owns nothing."""
    shop.execute(f"SET ROLE {shop.app}")
    return shop


def count(conn):
    return conn.execute(COUNT).fetchone()[0]


def test_a_tenant_sees_its_own_rows_and_nobody_sees_none(app):
    assert count(app) == 0
    with tenancy.tenant(app, 7) as conn:
        assert conn.execute("SELECT DISTINCT tenant_id, count(*) FROM invoice GROUP BY 1").fetchall() == [(7, 100)]
    assert count(app) == 0  # on the same connection, whose setting is an empty string now


def test_nothing_can_be_written_for_another_tenant(app):
    with tenancy.tenant(app, 7) as conn:
        conn.execute("INSERT INTO invoice (number, cents) VALUES ('new', 1)")
        assert conn.execute("DELETE FROM invoice WHERE tenant_id = 8").rowcount == 0
    for statement in (
        "INSERT INTO invoice (tenant_id, number, cents) VALUES (8, 'theirs', 1)",
        "UPDATE invoice SET tenant_id = 8 WHERE number = 'new'",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), tenancy.tenant(app, 7) as conn:
            conn.execute(statement)


def test_a_plain_set_stays_for_the_next_borrower(app):
    with app.transaction():
        app.execute("SET app.tenant = '7'")
    assert count(app) == 100  # somebody else's request, which set nothing


def test_a_tenant_is_never_set_within_a_transaction(app):
    with tenancy.tenant(app, 7), pytest.raises(RuntimeError), tenancy.tenant(app, 8):
        pass


def test_a_cast_without_nullif_fails_on_the_second_request(shop):
    shop.execute("ALTER POLICY own ON invoice USING (tenant_id = current_setting('app.tenant', true)::int)")
    shop.execute(f"SET ROLE {shop.app}")
    assert count(shop) == 0
    with tenancy.tenant(shop, 7):
        assert count(shop) == 100
    with pytest.raises(psycopg.errors.InvalidTextRepresentation):
        count(shop)


def test_the_owner_is_exempt_unless_forced_and_a_superuser_always(shop):
    assert count(shop) == 300
    shop.execute(f"ALTER TABLE invoice OWNER TO {shop.app}")
    shop.execute(f"SET ROLE {shop.app}")
    assert count(shop) == 0
    shop.execute("ALTER TABLE invoice NO FORCE ROW LEVEL SECURITY")
    assert count(shop) == 300


def test_bypassrls_and_views_go_around_a_forced_policy(shop):
    shop.execute(f"CREATE VIEW every_invoice AS {COUNT}; GRANT SELECT ON every_invoice TO {shop.app}")
    shop.execute(f"SET ROLE {shop.app}")
    assert shop.execute("SELECT * FROM every_invoice").fetchone() == (300,)
    shop.execute("RESET ROLE; ALTER VIEW every_invoice SET (security_invoker = true)")
    shop.execute(f"SET ROLE {shop.app}")
    assert shop.execute("SELECT * FROM every_invoice").fetchone() == (0,)
    shop.execute(f"RESET ROLE; ALTER ROLE {shop.app} BYPASSRLS; SET ROLE {shop.app}")
    assert count(shop) == 300


def test_the_check_at_start_names_every_hole(shop):
    assert [hole.split()[0] for hole in tenancy.holes(shop)] == ["role"]
    shop.execute("CREATE TABLE note (tenant_id int); CREATE VIEW short AS SELECT 1 AS n")
    shop.execute("CREATE MATERIALIZED VIEW stored AS SELECT * FROM invoice")
    shop.execute(f"SET ROLE {shop.app}")
    assert tenancy.holes(shop) == ["table note", "view short", "view stored"]


def test_a_foreign_key_looks_past_policies_unless_it_holds_the_tenant(shop):
    shop.execute("ALTER TABLE invoice ADD UNIQUE (id)")
    shop.execute(
        "CREATE TABLE loose (tenant_id int DEFAULT current_tenant(), invoice_id bigint REFERENCES invoice (id))"
    )
    shop.execute(f"GRANT INSERT ON loose TO {shop.app}")
    theirs = shop.execute("SELECT min(id) FROM invoice WHERE tenant_id = 8").fetchone()[0]
    shop.execute(f"SET ROLE {shop.app}")
    with tenancy.tenant(shop, 7):
        shop.execute("INSERT INTO loose (invoice_id) VALUES (%s)", [theirs])  # accepted
    with pytest.raises(psycopg.errors.ForeignKeyViolation), tenancy.tenant(shop, 7):
        shop.execute("INSERT INTO invoice_line (invoice_id, n) VALUES (%s, 1)", [theirs])


def pages(conn, query):
    plan = conn.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}").fetchone()[0][0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def test_under_a_policy_like_does_not_use_the_index_and_a_range_does(shop):
    texts = "SELECT 1 + n % 50, md5(n::text), 1 FROM generate_series(1, 20000) n"
    shop.execute(f"INSERT INTO invoice (tenant_id, number, cents) {texts}; ANALYZE invoice")
    by_hand = pages(shop, "SELECT * FROM invoice WHERE tenant_id = 1 AND number LIKE 'abc%'")
    shop.execute(f"SET ROLE {shop.app}")
    with tenancy.tenant(shop, 1):
        assert pages(shop, "SELECT * FROM invoice WHERE number LIKE 'abc%'") > 10 * by_hand
        assert pages(shop, "SELECT * FROM invoice WHERE tenant_id = 1 AND number LIKE 'abc%'") > 10 * by_hand
        assert pages(shop, "SELECT * FROM invoice WHERE number >= 'abc' AND number < 'abd'") < 5 * by_hand
        assert pages(shop, "SELECT * FROM invoice WHERE number ^@ 'abc'") < 5 * by_hand


def test_tenants_are_served_in_turn_and_none_takes_all_places():
    queue = tenancy.InTurn(share=2)
    for job in range(1000):
        queue.add("large", job)
    queue.add("small", "one")
    assert [queue.take() for _ in range(4)] == [("large", 0), ("small", "one"), ("large", 1), None]
    queue.done("large")
    assert queue.take() == ("large", 2)
