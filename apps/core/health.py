"""Can this process serve? `live` touches nothing; `ready` asks the database, Redis, the workers and the migrations.

Each check says what is wrong in full, for operators. The public is told less: that a server is away.
"""

from collections.abc import Callable

import redis
import structlog
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from apps.core.redis import client
from apps.core.workers import worker_ages

log = structlog.get_logger(__name__)


def database() -> str:
    """Return "" if the database answers, else what is wrong."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return str(error).strip().splitlines()[0]
    return ""


def broker() -> str:
    """Return "" if Redis answers, else what is wrong."""
    try:
        client().ping()
    except redis.RedisError as error:
        return str(error)
    return ""


def workers() -> str:
    """Return "" if every queue has a worker that was heard in the last 30 s, else which have none."""
    try:
        silent = [queue for queue, age in worker_ages().items() if age is None]
    except redis.RedisError:
        return "not known while Redis is away"
    return f"no worker heard for: {', '.join(silent)}" if silent else ""


def ages_or_nothing() -> dict[str, float | None]:
    """Return the seconds since each queue's workers were heard; nothing while Redis is away (its check says so)."""
    try:
        return worker_ages()
    except redis.RedisError:
        return {}


def migrations() -> str:
    """Return "" if every migration is applied, else how many are not."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "not known while the database is away"
    return f"{len(plan)} migrations are not applied: run manage.py migrate" if plan else ""


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "redis": broker,
    "workers": workers,
    "migrations": migrations,
}


def problems() -> dict[str, str]:
    """Return what is wrong by check, in words for the public; "" where all is well. Drivers' words go to the log."""
    found = {name: check() for name, check in CHECKS.items()}
    for server in ("database", "redis"):
        if found[server]:
            log.error("not_ready", check=server, reason=found[server])
            found[server] = "away"
    return found
