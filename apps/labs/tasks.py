"""Which tasks do the labs have? Carry out one run; tend those that went missing; forget old addresses."""

import structlog
from celery import shared_task

from apps.labs import tending
from apps.labs.execution import carry_out
from apps.labs.models import Run

log = structlog.get_logger(__name__)
# The longest run is 120 s; servers may have to start, and another measured run may have to end first. A run of a
# study is sent with more (queueing.PATIENCE).
SOFT_LIMIT_S, HARD_LIMIT_S = 300, 315


@shared_task(soft_time_limit=SOFT_LIMIT_S, time_limit=HARD_LIMIT_S)
def execute(run_id: str) -> None:
    """Carry out one queued run. Delivering the message twice is harmless: one claim wins."""
    if run := Run.objects.claim(run_id):
        structlog.contextvars.bind_contextvars(request_id=run.request_id, run=run.pk)
        carry_out(run)


@shared_task
def tend() -> None:
    """Look after runs whose worker or message went missing. Every few seconds, by beat."""
    counts = tending.tend()
    if any(counts.values()):
        log.warning("runs_tended", **counts)


@shared_task
def forget_addresses() -> None:
    """Blank what old runs keep of the addresses that they came from. Daily, by beat."""
    log.info("addresses_forgotten", rows=tending.forget_addresses())
