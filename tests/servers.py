"""Which servers do the tests talk to? Real ones of their own, started before Django reads its settings.

A pytest plugin, loaded by `-p tests.servers` in pyproject.toml. The main process starts one throw-away
PostgreSQL and one Redis; workers of pytest-xdist inherit their addresses and take a Redis database each
(pytest-django gives each a PostgreSQL database). An address that the environment names is used as it is.
"""

import os
from contextlib import ExitStack
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from apps.testbed.postgres import postgres_server
from apps.testbed.redis import redis_server
from apps.testbed.scratch import scratch_directory

# Nothing here must survive a power cut, and room for both workers and the programs they start.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "120"}

_running = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests():
    """Start the servers; as a wrapper this comes before pytest-django, which reads the settings here."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        start()
    else:
        number = 1 + int(worker.removeprefix("gw"))
        os.environ["REDIS_URL"] = with_database(os.environ["REDIS_URL"], number)
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure():
    """Stop what was started, after the database plugin has dropped its databases."""
    _running.close()


def start() -> None:
    """Start what the environment does not name yet, and name it there."""
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = _running.enter_context(postgres_server(config=FAST)).url
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = _running.enter_context(redis_server()).url
    if not os.environ.get("DATA_DIR"):
        os.environ["DATA_DIR"] = str(_running.enter_context(scratch_directory("data")))


def with_database(url: str, number: int) -> str:
    """Return a Redis URL that names another of the server's databases."""
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query)), "db": str(number)}
    return parts._replace(query=urlencode(query)).geturl()
