"""What do the reads ask for? A table of products in PostgreSQL, all of one size."""

from __future__ import annotations

from apps.experiments.lab_postgres import LabPostgres
from apps.experiments.lab_redis import PREFIX

TABLE = "product"
# Redis counts the buffers of its clients as memory too. They swing by about 80 KB, as much as 300 products of 200
# bytes: with those, a cache meant for 1,000 products held 837 ± 117 (16 connections); with 1,000 bytes 999 ± 13.
BODY_BYTES = 1_000
FIND = "SELECT body FROM product WHERE id = %s"


def key(product: int) -> str:
    """Return the product's key in the cache; all keys have one length, so that all entries take equal space."""
    return f"{PREFIX}product:{product:06d}"


def body(product: int) -> str:
    """Return the product's text, as the table has it."""
    return f"product {product:06d} ".ljust(BODY_BYTES, "x")


def loaded(postgres: LabPostgres, objects: int) -> bool:
    """Return whether the table holds exactly the products 1 to `objects`."""
    return postgres.loaded(TABLE, _label(objects))


def load(postgres: LabPostgres, objects: int) -> None:
    """Make the table with the products 1 to `objects`. Unlogged: it is worth nothing after a crash."""
    control = postgres.control
    control.execute("DROP TABLE IF EXISTS product")
    control.execute(
        "CREATE UNLOGGED TABLE product (id integer PRIMARY KEY, body text NOT NULL) WITH (autovacuum_enabled = off)"
    )
    control.execute(
        "INSERT INTO product SELECT n, rpad('product ' || lpad(n::text, 6, '0') || ' ', %s, 'x') "
        "FROM generate_series(1, %s) AS n",
        [BODY_BYTES, objects],
    )
    control.execute("VACUUM ANALYZE product")
    postgres.mark_loaded(TABLE, _label(objects))


def _label(objects: int) -> str:
    return f"{objects} products of {BODY_BYTES} bytes"
