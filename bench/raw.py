"""How fast are the servers without us? What redis-cli and pgbench reach with one connection, on the same core."""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path

from apps.testbed.engines import postgres_engine
from apps.testbed.postgres import PostgresServer
from apps.testbed.redis import RedisServer, find_redis

ROUND_TRIPS = 30_000
SECONDS = 2


def redis_cli_rate(server: RedisServer, key: str) -> float:
    """Return the GETs a second of one redis-cli that waits for each answer."""
    command = [find_redis().with_name("redis-cli"), "-s", server.socket, "-r", str(ROUND_TRIPS), "GET", key]
    environment = {**os.environ, "REDISCLI_AUTH": server.password}
    started = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return ROUND_TRIPS / (time.perf_counter() - started)


def pgbench_rate(server: PostgresServer, statement: str, objects: int, script: Path) -> float:
    """Return the prepared statements a second of one pgbench client; `:id` in the statement is a random object.

    Raises RuntimeError if pgbench says no rate.
    """
    script.write_text(f"\\set id random(1, {objects})\n{statement};\n")
    command: list[str | Path] = [
        postgres_engine().path.with_name("pgbench"), "-n", "-M", "prepared", "-c", "1", "-T", str(SECONDS),
        "-h", server.socket_directory, "-p", str(server.port), "-U", server.user, "-f", script, server.database,
    ]  # fmt: skip
    environment = {**os.environ, "PGPASSWORD": server.password}
    said = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    if (rate := re.search(r"^tps = ([\d.]+)", said, re.MULTILINE)) is None:
        raise RuntimeError(f"pgbench told no rate: {said}")
    return float(rate[1])
