"""Who looks after runs whose worker or message went missing? Beat asks every few seconds; this sends them again."""

from datetime import timedelta

import structlog
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models.functions import Now
from django.utils.timezone import now

from apps.core.redis import client
from apps.labs import streams
from apps.labs.ending import end
from apps.labs.models import INTERACTIVE, LEASE, LONG, MAX_ATTEMPTS, Run, RunState, Study
from apps.labs.queueing import enqueue

log = structlog.get_logger(__name__)
RESEND_AFTER = timedelta(seconds=10)
ADDRESSES_KEPT = timedelta(days=30)
STEADY_KEY = "tend:database-answers-since"
MISSED_S = 7  # beat comes every 5 s; a lease runs out in an outage of 8 s


def tend() -> dict[str, int]:
    """Requeue or give up runs whose worker went silent, and send forgotten ids again. Returns how many of each."""
    counts = {"requeued": 0, "lost": 0, "resent": 0}
    try:
        stale = list(Run.objects.stale())
    except (DatabaseError, InterfaceError) as error:
        client().delete(STEADY_KEY)
        log.warning("tending_waits_for_database", error=str(error).strip())
        return counts
    for run in stale if database_is_steady() else []:
        counts["requeued" if _requeue_or_lose(run) else "lost"] += 1
    counts["resent"] = sum(_resend_forgotten(queue) for queue in (INTERACTIVE, LONG))
    return counts


def database_is_steady() -> bool:
    """Return whether the database has answered at every turn for a lease: only then a silent worker is a dead one.

    After an outage the leases of healthy workers have run out too; each renews its own within seconds. When it began
    to answer stands in Redis, for turns are taken by any maintenance worker; a turn that is missed forgets it.
    """
    redis, at = client(), now().timestamp()
    redis.set(STEADY_KEY, at, nx=True, ex=MISSED_S)
    redis.expire(STEADY_KEY, MISSED_S)
    return at - float(redis.get(STEADY_KEY) or at) >= LEASE.total_seconds()


def _resend_forgotten(queue: str) -> int:
    """Send the ids of waiting runs again, but only into an empty queue: behind others, waiting is no loss."""
    forgotten = list(Run.objects.on_queue(queue).forgotten(RESEND_AFTER).order_by("created_at"))
    if not forgotten or client().llen(queue):
        return 0
    resent = Run.objects.filter(pk__in=[run.pk for run in forgotten], state=RunState.QUEUED)
    with transaction.atomic():  # in one order, past rows that a stop holds: nobody waits for ever
        free = list(resent.order_by("pk").select_for_update(skip_locked=True))
        Run.objects.filter(pk__in=[run.pk for run in free]).update(enqueued_at=now())
    return sum(enqueue(run) for run in sorted(free, key=lambda run: run.created_at))


def _requeue_or_lose(run: Run) -> bool:
    held = Run.objects.held_by(run.pk, run.attempt).filter(lease_until__lt=Now())
    if run.stop_requested_at:
        if end(held, run, state=RunState.STOPPED, reason="You stopped it."):
            streams.announce(run.pk, "done", {"state": RunState.STOPPED})
        return False
    if run.attempt < MAX_ATTEMPTS:
        unasked = held.filter(stop_requested_at=None)  # if a stop came just now, the next turn sees it
        if unasked.update(state=RunState.QUEUED, enqueued_at=now(), reason="Its worker died; it was started again."):
            streams.announce(run.pk, "state", {"attempt": run.attempt, "state": RunState.QUEUED})
            enqueue(run)
        return True
    reason = f"Its worker died {run.attempt} times. Nothing was measured; your guess is kept."
    if end(held, run, state=RunState.LOST, reason=reason):
        streams.announce(run.pk, "done", {"state": RunState.LOST})
    return False


def forget_addresses() -> int:
    """Blank the address hashes of runs and studies that are older than 30 days; return how many there were."""
    return sum(
        rows.filter(created_at__lt=now() - ADDRESSES_KEPT).exclude(address_hash="").update(address_hash="")
        for rows in (Run.objects.all(), Study.objects.all())
    )
