"""Which servers does the site bring along? PostgreSQL and Redis in DATA_DIR, unless the environment names others."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

from apps.core.stack.members import ServerMember
from apps.core.stack.output import say
from apps.core.stack.preconditions import CannotStart
from apps.testbed import embedded
from apps.testbed.postgres import postgres_server
from apps.testbed.redis import redis_server


def start_servers(stack: ExitStack, data_dir: Path) -> list[ServerMember]:
    """Start what the environment does not name, to be stopped with `stack`. Raises EngineError or CannotStart."""
    secrets, members = embedded.secrets(data_dir), []
    if not os.environ.get("DATABASE_URL"):
        wanted = data_dir / "postgres"
        server = stack.enter_context(
            postgres_server(
                directory=wanted,
                persistent=True,
                password=secrets.postgres_password,
                socket_directory=embedded.postgres_sockets(data_dir),
            )
        )
        members.append(ServerMember("postgres", server))
        say(f"PostgreSQL {server.version} keeps its data in {_place(wanted, server.directory)}")
    if not os.environ.get("REDIS_URL"):
        wanted = data_dir / "redis"
        server = stack.enter_context(
            redis_server(
                directory=wanted,
                persistent=True,
                password=secrets.redis_password,
                socket=embedded.redis_socket(data_dir),
            )
        )
        members.append(ServerMember("redis", server))
        say(f"{server.engine} {server.version} keeps its data in {_place(wanted, server.directory)}")
    else:
        require_redis(os.environ["REDIS_URL"])
    return members


def _place(wanted: Path, actual: Path) -> str:
    """Return where the data is; when that is not where it should be, why."""
    if actual == wanted.resolve() and not wanted.is_symlink():
        return str(wanted)
    return f"{actual} ({wanted} links there: the servers' user may not enter {wanted.parent})"


def require_redis(url: str) -> None:
    """Raise CannotStart if the Redis that the environment names does not answer."""
    import redis

    try:
        redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3).ping()
    except (redis.RedisError, ValueError) as error:
        raise CannotStart(f"REDIS_URL: {error}") from None
