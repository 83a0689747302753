"""How much may one person start? Counted under a lock, so that forty parallel clicks count as forty."""

import math
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from apps.labs.models import Run, RunState

HOUR = timedelta(hours=1)


class RunLimitReached(Exception):
    """No run may start now: the message says why, `retry_after_s` when to try again (seconds)."""

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(f"{message} Try again in {_in_words(retry_after_s)}.")
        self.retry_after_s = retry_after_s


def lock_and_check(learner, address_hash: str) -> None:
    """Hold this learner's and address's limits until the transaction ends. Raises RunLimitReached."""
    with connection.cursor() as cursor:
        # Always in the same order, so that two starts never wait for each other.
        for key in sorted([f"learner:{learner.pk}", f"address:{address_hash}"]):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    limits = settings.RUN_LIMITS
    mine, here = Run.objects.filter(learner=learner), Run.objects.filter(address_hash=address_hash)
    _check_active(mine, limits["active_per_learner"], "You have {n} unfinished. Wait for one to end, or stop it.")
    _check_active(
        here, limits["active_per_address"], "From your network address {n} are unfinished. Wait for one to end."
    )
    _check_hourly(mine, limits["hourly_per_learner"])
    _check_hourly(here, limits["hourly_per_address"])
    if Run.objects.filter(state=RunState.QUEUED).count() >= limits["queued"]:
        raise RunLimitReached("The queue is full. Nothing you typed is lost.", 60)


def _in_words(seconds: int) -> str:
    """Return a wait in the unit that people would use."""
    return f"{seconds} seconds" if seconds < 90 else f"{math.ceil(seconds / 60)} minutes"


def _check_active(runs, limit: int, message: str) -> None:
    active = runs.active().count()
    if active >= limit:
        things = "1 run" if active == 1 else f"{active} runs"
        raise RunLimitReached(message.format(n=things), 15)


def _check_hourly(runs, limit: int) -> None:
    recent = runs.filter(created_at__gt=now() - HOUR).order_by("-created_at")
    oldest_that_counts = recent.values_list("created_at", flat=True)[limit - 1 : limit]
    for created_at in oldest_that_counts:
        wait = math.ceil((created_at + HOUR - now()).total_seconds())
        raise RunLimitReached(f"That was {limit} runs within an hour, which is the limit.", max(1, wait))
