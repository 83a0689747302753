"""How do runs get to a worker? Their ids travel by a queue; the rows stay where they are."""

from collections.abc import Iterable

import structlog
from celery import group
from kombu.exceptions import OperationalError as BrokerAway

from apps.labs.models import LONG, Run
from config.celery import app as celery

log = structlog.get_logger(__name__)
EXECUTE = "apps.labs.tasks.execute"  # by name: the web process need not load what carries runs out
# Nobody sits before a run of a study: it may wait longer for a busy machine before it is ended (seconds).
PATIENCE = {LONG: {"soft_time_limit": 900, "time_limit": 915}}


def enqueue(run: Run) -> bool:
    """Return whether the run's id reached its queue. If the broker is away the row waits and is sent again."""
    return _send([run.pk], run.queue)


def enqueue_study(run_ids: Iterable[str]) -> bool:
    """Return whether the ids of a study's runs reached their queue, as one group in their order."""
    return _send(list(run_ids), LONG)


def _send(run_ids: list[str], queue: str) -> bool:
    options = {"queue": queue, **PATIENCE.get(queue, {})}
    signatures = (celery.signature(EXECUTE, args=[run_id], options=options, immutable=True) for run_id in run_ids)
    try:
        group(signatures, app=celery).apply_async()
    except BrokerAway as error:
        log.warning("queue_away", queue=queue, runs=len(run_ids), first=run_ids[0], error=str(error))
        return False
    return True
