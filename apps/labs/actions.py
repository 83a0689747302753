"""What can be done with runs? Start one, stop one, and tend those whose worker or message went missing."""

import random
import uuid
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils.timezone import now
from kombu.exceptions import OperationalError as BrokerAway

from apps.accounts.models import Learner
from apps.core.redis import client
from apps.labs import streams
from apps.labs.limits import lock_and_check
from apps.labs.models import MAX_ATTEMPTS, Run, RunState
from apps.progress.models import record
from config.celery import app as celery

log = structlog.get_logger(__name__)
QUEUE = "interactive"
EXECUTE = "apps.labs.tasks.execute"  # by name: the web process need not load what carries runs out
RESEND_AFTER = timedelta(seconds=10)


@transaction.atomic
def start_run(
    *,
    learner: Learner,
    lab: str,
    preset: str,
    params: dict[str, Any],
    guess: dict[str, Any] | None,
    key: uuid.UUID,
    address_hash: str,
    request_id: str,
) -> Run:
    """Return the run of this key: a new queued one, or the one that an earlier click made. Raises RunLimitReached."""
    if earlier := Run.objects.filter(learner=learner, idempotency_key=key).first():
        if (earlier.lab, earlier.params, earlier.guess) == (lab, params, guess):
            return earlier
        key = uuid.uuid4()  # the same form, sent again with other settings: the answer to its first sending was lost
    lock_and_check(learner, address_hash)
    run, created = Run.objects.get_or_create(
        learner=learner,
        idempotency_key=key,
        defaults={
            "lab": lab,
            "preset": preset,
            "params": params,
            "guess": guess,
            "seed": random.randrange(2**31),  # noqa: S311  (a seed to repeat a run by, not a secret)
            "address_hash": address_hash,
            "request_id": request_id,
        },
    )
    if created:
        _note_guess(run)
        transaction.on_commit(lambda: enqueue(run.pk))
    return run


def _note_guess(run: Run) -> None:
    if run.guess:
        payload = {"run": run.pk, **run.guess}
        record(learner=run.learner, kind="predicted", subject=f"lab:{run.lab}", payload=payload, key=f"guess:{run.pk}")


def enqueue(run_id: str) -> bool:
    """Return whether the run's id reached the queue. If the broker is away the row waits and is sent again."""
    try:
        celery.send_task(EXECUTE, args=[run_id], queue=QUEUE)
    except BrokerAway as error:
        log.warning("queue_away", run=run_id, error=str(error))
        return False
    return True


def stop_run(run: Run) -> None:
    """Stop a run: at once if it waits, within a batch if it goes on. Harmless on one that has ended."""
    queued = Run.objects.filter(pk=run.pk, state=RunState.QUEUED)
    if queued.update(state=RunState.STOPPED, reason="You stopped it before it began.", finished_at=now()):
        streams.announce(run.pk, "done", {"state": RunState.STOPPED})
        return
    if Run.objects.filter(pk=run.pk, state=RunState.RUNNING).update(stop_requested_at=now()):
        streams.ask_to_stop(run.pk)


def tend() -> dict[str, int]:
    """Requeue or give up runs whose worker went silent, and send forgotten ids again. Returns how many of each."""
    counts = {"requeued": 0, "lost": 0, "resent": 0}
    for run in Run.objects.stale():
        counts["requeued" if _requeue_or_lose(run) else "lost"] += 1
    counts["resent"] = _resend_forgotten()
    return counts


def _resend_forgotten() -> int:
    """Send the ids of waiting runs again, but only into an empty queue: behind others, waiting is no loss."""
    forgotten = list(Run.objects.forgotten(RESEND_AFTER).values_list("pk", flat=True))
    if not forgotten or client().llen(QUEUE):
        return 0
    Run.objects.filter(pk__in=forgotten).update(enqueued_at=now())
    return sum(enqueue(run_id) for run_id in forgotten)


def _requeue_or_lose(run: Run) -> bool:
    held = Run.objects.held_by(run.pk, run.attempt).filter(lease_until__lt=now())
    if run.stop_requested_at:
        if held.update(state=RunState.STOPPED, reason="You stopped it.", finished_at=now()):
            streams.announce(run.pk, "done", {"state": RunState.STOPPED})
        return False
    if run.attempt < MAX_ATTEMPTS:
        if held.update(state=RunState.QUEUED, enqueued_at=now(), reason="Its worker died; it was started again."):
            streams.announce(run.pk, "state", {"attempt": run.attempt, "state": RunState.QUEUED})
            enqueue(run.pk)
        return True
    reason = f"Its worker died {run.attempt} times. Nothing was measured; your guess is kept."
    if held.update(state=RunState.LOST, reason=reason, finished_at=now()):
        streams.announce(run.pk, "done", {"state": RunState.LOST})
    return False
