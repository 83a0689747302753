"""What do the requests ask for? A table of products, all of one size, and a table of what was ordered of them."""

from __future__ import annotations

from apps.experiments.caches.entry import BODY_BYTES
from apps.experiments.lab_postgres import LabPostgres

TABLE = "product"
ORDERS = 200_000  # so many that adding them up takes about 10 ms
FIND = "SELECT version, body FROM product WHERE id = %s"
# What a shop shows beside a product: how many were sold, and its share of all sales. No index can help, for every
# order counts. The sums stand at the head of the text.
SUM_UP = """
SELECT p.version, rpad(format('sold %%s, share %%s ', s.sold, s.share), 40) || substr(p.body, 41)
FROM product p, LATERAL (
    SELECT coalesce(sum(quantity) FILTER (WHERE product = p.id), 0) AS sold,
           round(coalesce(sum(quantity * cents) FILTER (WHERE product = p.id), 0) / sum(quantity * cents)::numeric, 6)
           AS share
    FROM order_line
) s WHERE p.id = %s"""
# The newest version wins, in whatever order two writers come.
UPDATE = "UPDATE product SET version = %s WHERE id = %s AND version < %s"
UPDATE_MANY = """
UPDATE product p SET version = d.version FROM unnest(%s::int[], %s::bigint[]) AS d(id, version)
WHERE p.id = d.id AND p.version < d.version"""
VERSIONS = "SELECT p.id, p.version FROM unnest(%s::int[]) AS d(id) JOIN product p ON p.id = d.id"
# One look-up in the index for each product of a batch, so that the server's count can be held against ours.
ONE_BY_ONE = ("enable_hashjoin", "enable_mergejoin", "enable_seqscan", "enable_memoize", "enable_bitmapscan")


def loaded(postgres: LabPostgres, objects: int) -> bool:
    """Return whether the tables hold exactly the products 1 to `objects` and their orders."""
    return postgres.loaded(TABLE, _label(objects))


def load(postgres: LabPostgres, objects: int) -> None:
    """Make the tables. They are logged, as a shop's would be: a write then costs what a real commit costs."""
    control = postgres.control
    control.execute("DROP TABLE IF EXISTS product, order_line")
    # Room for a second version of a row on each page, so that writes need not touch the index.
    control.execute(
        "CREATE TABLE product (id integer PRIMARY KEY, version bigint NOT NULL DEFAULT 0, body text NOT NULL) "
        "WITH (autovacuum_enabled = off, fillfactor = 87)"
    )
    control.execute(
        "INSERT INTO product (id, body) SELECT n, rpad('product ' || lpad(n::text, 6, '0') || ' ', %s, 'x') "
        "FROM generate_series(1, %s) AS n",
        [BODY_BYTES, objects],
    )
    control.execute(
        "CREATE UNLOGGED TABLE order_line WITH (autovacuum_enabled = off) AS "
        "SELECT 1 + (n * 7919::bigint %% %s)::int AS product, 1 + n %% 5 AS quantity, 100 + n * 31 %% 9900 AS cents "
        "FROM generate_series(1, %s) AS n",
        [objects, ORDERS],
    )
    control.execute("VACUUM ANALYZE product, order_line")
    postgres.mark_loaded(TABLE, _label(objects))


def newest_version(postgres: LabPostgres) -> int:
    """Return the highest version in the table, after old versions of rows were removed: a run counts on from it."""
    postgres.control.execute("VACUUM product")
    row = postgres.control.execute("SELECT max(version) FROM product").fetchone()
    return int(row[0]) if row else 0


def versions(postgres: LabPostgres) -> dict[int, int]:
    """Return the version of every product that was ever written."""
    return dict(postgres.control.execute("SELECT id, version FROM product WHERE version > 0").fetchall())


def _label(objects: int) -> str:
    return f"{objects} products of {BODY_BYTES} bytes, {ORDERS} orders"
