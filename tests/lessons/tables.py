"""Where do the tables of a lesson stand while its code is tested? In a schema of their own that goes in the end."""

import os
import uuid
from contextlib import contextmanager

import psycopg


@contextmanager
def own_schema(sql):
    """Yield a function that opens connections, each statement a transaction, to a new schema in which `sql` has run."""
    schema, opened = f"lesson_{uuid.uuid4().hex}", []
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as owner:
        owner.execute(f"CREATE SCHEMA {schema}")

        def connect():
            options = f"-c search_path={schema}"
            opened.append(psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, options=options))
            return opened[-1]

        connect().execute(sql)
        yield connect
        for each in opened:
            each.close()
        owner.execute(f"DROP SCHEMA {schema} CASCADE")
