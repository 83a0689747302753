"""Has the run ended? The row is asked once in 2 s for all viewers of a run, through a few threads of its own."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import sync_to_async
from django.db import connection

from apps.labs.models import Run

FRESH_S = 2.0
KEPT = 1000
# A thousand pages that reconnect at once are four connections to PostgreSQL, not a thousand.
THREADS = ThreadPoolExecutor(4, thread_name_prefix="states")

_asked: dict[str, tuple[float, asyncio.Task]] = {}


def read_state(run_id: str) -> str | None:
    """Return the run's state, None if there is no such run. Gives its connection back: a stream must not hold one."""
    try:
        return Run.objects.filter(pk=run_id).values_list("state", flat=True).first()
    finally:
        connection.close()


async def state_of(run_id: str) -> str | None:
    """Return the run's state, at most 2 s old; None if there is no such run. Raises OperationalError in an outage."""
    asked_at, task = _asked.get(run_id, (0.0, None))
    if task is None or time.monotonic() - asked_at > FRESH_S:
        if len(_asked) >= KEPT:
            _asked.clear()
        ask = sync_to_async(read_state, thread_sensitive=False, executor=THREADS)
        task = asyncio.create_task(ask(run_id))
        _asked[run_id] = (time.monotonic(), task)
    return await asyncio.shield(task)  # one viewer that leaves must not cancel the answer for the others
