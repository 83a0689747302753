"""How does a real server serve a request for a given time? PostgreSQL sleeps, Redis computes; one worker a connection.

`pg_sleep` waits whole milliseconds, rounded up, and its process has to be woken. A script in Redis reads the clock
until the time is over, and Redis does nothing else meanwhile: it is one server, whoever asks.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from socket import SHUT_RDWR, socket

import psycopg
import redis

from apps.experiments.base import ExperimentError
from apps.experiments.bench import Bench
from apps.experiments.lab_postgres import Connection, LabPostgres
from apps.experiments.lab_redis import LabRedis
from apps.experiments.openloop import Serve
from apps.experiments.placement import OURSELVES, pinned
from apps.experiments.queues.settings import SERVERS

SLEEP = "SELECT pg_sleep(%s)"
# From 7.2 on TIME stands still while a script runs, and os.clock is there instead.
SPIN = """
local exact, now = pcall(function() return os.clock end)
if not exact then
  now = function() local t = redis.call('TIME') return t[1] + t[2] / 1e6 end
end
local stop, looked = now() + tonumber(ARGV[1]), 0
repeat
  looked = looked + 1
  if looked == 100000 and now() <= stop - tonumber(ARGV[1]) then return redis.error_reply('its clock stands still') end
until now() >= stop
return looked"""
FIRST_S = 0.001  # each worker serves once before the run, so that its first request is like all others


@dataclass(frozen=True, slots=True)
class Workers:
    """Real servers that stand ready. `cut` ends what they wait for; `placement` says on which core who runs."""

    serves: list[Serve]
    cut: Callable[[], None]
    placement: str


@contextmanager
def real_workers(bench: Bench, engine: str, work: Sequence[float], servers: int) -> Iterator[Workers]:
    """Hand out real servers that serve request i for `work[i]` seconds, clients on one core and they on another.

    Raises ExperimentError if the server is absent, or lets us open fewer connections.
    """
    with ExitStack() as stack:
        server: LabRedis | LabPostgres
        server = stack.enter_context(bench.redis()) if engine == "redis" else stack.enter_context(bench.postgres())
        # Pinned before the connections are opened: a server's new process is born on its parent's core.
        plan: dict[str, tuple[int, list[int | None]]] = {"client": (0, [OURSELVES]), SERVERS[engine]: (1, [server.pid])}
        placement = stack.enter_context(pinned(plan))
        if isinstance(server, LabRedis):
            client = stack.enter_context(closing(server.connect()))
            yield Workers([_spinner(client, work)], client.close, placement)
        else:
            lines = _lines(server, servers, stack)
            yield Workers([_sleeper(line, work) for line in lines], lambda: _cut(lines), placement)


def _lines(server: LabPostgres, count: int, stack: ExitStack) -> list[Connection]:
    lines: list[Connection] = []
    try:
        for _ in range(count):
            lines.append(stack.enter_context(closing(server.connect())))
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        raise ExperimentError(
            f"PostgreSQL let us open {len(lines)} of {count} connections: {reason}. Use fewer servers."
        ) from error
    return lines


def _spinner(client: redis.Redis, work: Sequence[float]) -> Serve:
    script = str(client.script_load(SPIN))
    client.evalsha(script, 0, FIRST_S)

    def serve(i: int) -> None:
        client.evalsha(script, 0, work[i])

    return serve


def _sleeper(line: Connection, work: Sequence[float]) -> Serve:
    cursor = line.cursor()
    cursor.execute(SLEEP, [FIRST_S])

    def serve(i: int) -> None:
        cursor.execute(SLEEP, [work[i]])

    return serve


def _cut(lines: Sequence[Connection]) -> None:
    """Cut the lines of workers that get no answer: closing them while another thread waits would crash the process."""
    for line in lines:
        with socket(fileno=os.dup(line.fileno())) as end:
            end.shutdown(SHUT_RDWR)
