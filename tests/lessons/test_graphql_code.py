"""Does the code of the lesson on GraphQL need as few queries and pages as the lesson says, and refuse what it says?"""

import asyncio
import os

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.lessons.tabs import code_of_tab, module_of_tab

LESSON = "backend-design/14-graphql"
graph = module_of_tab(LESSON, "Python")
limits = module_of_tab(LESSON, "Limits")
SHOP = """
    CREATE TABLE customer (id int PRIMARY KEY, name text);
    CREATE TABLE product (id int PRIMARY KEY, name text);
    CREATE TABLE orders (id int PRIMARY KEY, customer_id int);
    CREATE TABLE line (order_id int, n int, product_id int, qty int, PRIMARY KEY (order_id, n));
    CREATE TABLE comment (id int PRIMARY KEY, post_id bigint, created_at timestamptz, body text);
    INSERT INTO customer SELECT i, 'c' || i FROM generate_series(1, 60) i;
    INSERT INTO product SELECT i, 'p' || i FROM generate_series(1, 300) i;
    INSERT INTO orders SELECT i, i FROM generate_series(1, 50) i;
    INSERT INTO line SELECT o, n, (o - 1) * 4 + n, n FROM generate_series(1, 50) o, generate_series(1, 4) n;
    INSERT INTO comment SELECT i, i % 20, timestamptz '2026-01-01' + i * interval '1 s', repeat('x', 200)
    FROM generate_series(1, 20000) i;
    CREATE INDEX newest_comments ON comment (post_id, created_at);
    ANALYZE
"""
WANTED = {"id": {}, "customer": {"name": {}}, "lines": {"qty": {}, "product": {"name": {}}}}
GITHUB = {  # the worked example of GitHub's documentation
    "repositories": (
        50,
        {"pullRequests": (20, {"comments": (10, {})}), "issues": (20, {"comments": (10, {})})},
    ),
    "followers": (10, {}),
}


@pytest.fixture(scope="module")
def shop():
    """The address of a schema with 50 orders and 20,000 comments, and a connection to it."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as owner:
        owner.execute("CREATE SCHEMA graph")
        owner.execute("SET search_path = graph")
        owner.execute(SHOP)
        yield owner
        owner.execute("DROP SCHEMA graph CASCADE")


class OneByOne(graph.Loader):
    """What a resolver without a loader does: each key is a query of its own."""

    def load(self, key):
        async def alone():
            return (await self.fetch([key])).get(key)

        return alone()


class Counting:
    """A connection that counts the queries that pass it."""

    def __init__(self, conn):
        self.conn, self.queries = conn, 0

    async def execute(self, query, parameters=None):
        self.queries += 1
        return await self.conn.execute(query, parameters)


async def newest_orders(make):
    """Return 50 orders as the client wants them, and how many queries that took."""
    url, options = os.environ["DATABASE_URL"], "-c search_path=graph"
    async with await psycopg.AsyncConnection.connect(url, options=options, row_factory=dict_row) as opened:
        conn = Counting(opened)
        orders = await (await conn.execute("SELECT * FROM orders ORDER BY id DESC LIMIT 50")).fetchall()
        return await graph.resolve("Order", orders, WANTED, graph.loaders(conn, make)), conn.queries


def test_loaders_make_4_queries_of_301_and_the_same_answer(shop):
    alone, many = asyncio.run(newest_orders(OneByOne))
    together, few = asyncio.run(newest_orders(graph.Loader))
    assert (many, few) == (301, 4)
    assert together == alone
    assert together[0]["lines"][3] == {"qty": 4, "product": {"name": "p200"}}
    assert [order["customer"]["name"] for order in together[:2]] == ["c50", "c49"]


def test_a_key_is_fetched_once_and_a_late_one_makes_a_second_batch():
    batches = []

    async def fetch(keys):
        batches.append(keys)
        return {key: key * 10 for key in keys if key != 3}

    async def ask():
        loader = graph.Loader(fetch)
        found = await asyncio.gather(loader.load(1), loader.load(2), loader.load(1), loader.load(3))
        return found, await loader.load(4), await loader.load(1)

    assert asyncio.run(ask()) == ([10, 20, 10, None], 40, 10)
    assert batches == [[1, 2, 3], [4]]


def test_all_who_asked_hear_of_a_failure():
    async def fails(keys):
        raise TimeoutError

    async def ask():
        loader = graph.Loader(fails)
        return await asyncio.gather(loader.load(1), loader.load(2), return_exceptions=True)

    assert [type(answer) for answer in asyncio.run(ask())] == [TimeoutError, TimeoutError]


def pages(shop, query, parameters):
    """Return the pages that a query touches."""
    explained = shop.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}", parameters).fetchone()[0]
    return explained[0]["Plan"]["Shared Hit Blocks"] + explained[0]["Plan"]["Shared Read Blocks"]


def test_three_comments_of_each_post_need_a_fraction_of_the_pages(shop):
    lateral = code_of_tab(LESSON, "SQL", "sql")
    asked = {"posts": list(range(10)), "first": 3}
    rows = shop.execute(lateral, asked).fetchall()
    newest = [row[0] for row in shop.execute("SELECT id FROM comment WHERE post_id < 10 AND id > 19940").fetchall()]
    assert sorted(row[0] for row in rows) == sorted(newest)
    plain = "SELECT * FROM comment WHERE post_id = ANY(%(posts)s)"
    assert pages(shop, lateral, asked) * 5 < pages(shop, plain, asked)


def test_nodes_are_counted_as_github_does():
    assert limits.nodes(GITHUB) == 22_060
    friends = {}
    for _ in range(4):
        friends = {"friends": (100, friends)}
    assert limits.nodes(friends) == 101_010_100


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"orders": (50, {"lines": (10, {"product": (1, {})})})}, None),
        (GITHUB, "22,060 nodes"),
        ({"orders": (1000, {})}, "`first`"),
        ({f"alias{n}": (100, {}) for n in range(51)}, "5,100 nodes"),
    ],
)
def test_what_is_refused(query, reason):
    found = limits.refusal(query)
    assert found is None if reason is None else reason in found


def test_a_circle_is_too_deep_before_it_is_counted():
    circle = {}
    for _ in range(9):
        circle = {"next": (1, circle)}
    assert "deeper" in limits.refusal(circle)
    assert limits.refusal(circle["next"][1]) is None
