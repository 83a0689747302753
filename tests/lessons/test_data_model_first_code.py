"""Does the schema of the lesson on data models answer its questions, and are rows and documents as dear as it says?"""

import os

import psycopg
import pytest

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "foundations/09-data-model-first"
orders = module_of_tab(LESSON, "Python")
DOCUMENTS = """
    CREATE TABLE document AS SELECT o.id, o.customer_id, o.placed_at, jsonb_agg(to_jsonb(l)) AS lines
    FROM orders o JOIN order_line l ON l.order_id = o.id GROUP BY o.id
"""
COMMENTS = "SELECT jsonb_agg(md5(i::text)) FROM generate_series(1, 1000) i"


@pytest.fixture
def conn():
    """A connection in which the lesson's schema stands, and is gone in the end."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connected:
        connected.execute(code_of_tab(LESSON, "SQL", "sql"))
        yield connected
        connected.rollback()


@pytest.fixture
def shop(conn):
    """2,000 orders of 4 lines, as rows and as documents."""
    conn.execute("INSERT INTO orders (customer_id) SELECT i % 200 FROM generate_series(1, 2000) i")
    conn.execute(
        "INSERT INTO order_line SELECT o.id, n, (o.id + n) % 100, 1, 500 FROM orders o, generate_series(1, 4) n"
    )
    conn.execute(DOCUMENTS)
    conn.execute("ALTER TABLE document ADD PRIMARY KEY (id)")
    conn.execute("ANALYZE")
    return conn


def plan(conn, query):
    """Return pages and bytes of log of a query."""
    top = conn.execute(f"EXPLAIN (ANALYZE, BUFFERS, WAL, FORMAT JSON) {query}").fetchone()[0][0]["Plan"]
    return top["Shared Hit Blocks"] + top["Shared Read Blocks"], top["WAL Bytes"]


def test_an_order_its_lines_and_the_news_are_stored_together(conn):
    order = orders.place_order(conn, 42, [(17, 2, 500), (18, 1, 900)])
    assert conn.execute("SELECT key FROM outbox").fetchall() == [(order,)]
    assert orders.last_orders(conn, 42) == [
        {"id": order, "lines": [{"product": 17, "qty": 2}, {"product": 18, "qty": 1}]}
    ]


def test_a_wrong_line_leaves_nothing_behind(conn):
    with pytest.raises(psycopg.errors.CheckViolation):
        orders.place_order(conn, 42, [(17, 2, 500), (18, 0, 900)])
    assert conn.execute("SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM outbox)").fetchone() == (0, 0)


def test_the_newest_come_first_and_no_more_than_asked(conn):
    placed = [orders.place_order(conn, 42, [(17, 1, 500)]) for _ in range(4)]
    orders.place_order(conn, 43, [(17, 1, 500)])
    assert [order["id"] for order in orders.last_orders(conn, 42, most=3)] == placed[:0:-1]


def test_a_document_is_cheaper_whole_and_dearer_across(shop):
    whole = "SELECT * FROM orders o JOIN order_line l ON l.order_id = o.id WHERE o.id = (SELECT min(id) FROM orders)"
    assert plan(shop, whole)[0] > plan(shop, "SELECT * FROM document WHERE id = (SELECT min(id) FROM document)")[0]
    across = "SELECT sum(qty) FROM order_line WHERE product_id = 17"
    documents = """
        SELECT sum((l->>'qty')::int) FROM document, jsonb_array_elements(lines) l WHERE (l->>'product_id')::int = 17
    """
    assert shop.execute(across).fetchone() == shop.execute(documents).fetchone()
    assert plan(shop, documents)[0] > 1.5 * plan(shop, across)[0]


def test_appending_to_a_document_writes_all_of_it_again(conn):
    conn.execute("CREATE TABLE thread (id int PRIMARY KEY, comments jsonb)")
    conn.execute("CREATE TABLE comment (thread int, n int, text text, PRIMARY KEY (thread, n))")
    conn.execute(f"INSERT INTO thread VALUES (1, ({COMMENTS}))")
    conn.execute("INSERT INTO comment SELECT 1, i, md5(i::text) FROM generate_series(1, 1000) i")
    inside = "UPDATE thread SET comments = comments || to_jsonb(md5('new')) WHERE id = 1"
    assert plan(conn, inside)[1] > 20_000
    assert plan(conn, "INSERT INTO comment VALUES (1, 1001, md5('new'))")[1] < 10_000  # a whole page at most
