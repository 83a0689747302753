"""How much may one person start? Counted under a lock, so that forty parallel clicks count as forty.

Starts are counted, a study as one, and so are the seconds for which the machine measures: ten runs of two minutes
keep others waiting longer than fifty of two seconds.
"""

import math
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Case, F, FloatField, QuerySet, Value, When
from django.db.models.functions import Extract, Least
from django.utils.timezone import now

from apps.labs.models import Run, RunState, Study

HOUR = timedelta(hours=1)
# What a run has kept the machine for, as far as that is known (seconds).
TOOK = Extract(F("finished_at") - F("started_at"), "epoch", output_field=FloatField())
SECONDS = Case(
    When(started_at=None, finished_at__isnull=False, then=Value(0.0)),
    When(finished_at__isnull=False, then=Least(F("planned_s"), TOOK)),
    default=F("planned_s"),
)


class RunLimitReached(Exception):
    """No run may start now: the message says why, `retry_after_s` when to try again (seconds)."""

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(f"{message} Try again in {_in_words(retry_after_s)}.")
        self.retry_after_s = retry_after_s


def lock(learner: Any, address_hash: str) -> None:
    """Hold this learner's and this address's limits until the transaction ends."""
    with connection.cursor() as cursor:
        # Always in the same order, so that two starts never wait for each other.
        for key in sorted([f"learner:{learner.pk}", f"address:{address_hash}"]):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def check_run(learner: Any, address_hash: str, seconds: float) -> None:
    """Raise RunLimitReached if this learner may not start one more run of so many seconds. Holds the lock."""
    limits = settings.RUN_LIMITS
    active = Run.objects.single().active().filter(learner=learner).count()
    if active >= limits["active_per_learner"]:
        raise RunLimitReached(f"You have {_runs(active)} unfinished. Wait for one to end, or stop it.", 15)
    _check_shared(learner, address_hash, seconds)
    if Run.objects.single().filter(state=RunState.QUEUED).count() >= limits["queued"]:
        raise RunLimitReached("The queue is full. Nothing you typed is lost.", 60)


def check_study(learner: Any, address_hash: str, seconds: float) -> None:
    """Raise RunLimitReached if this learner may not start a study of so many seconds. Holds the lock."""
    if Study.objects.active().filter(learner=learner).exists():
        raise RunLimitReached("You have a study unfinished. Wait for it to end, or stop it.", 30)
    _check_shared(learner, address_hash, seconds)
    if Study.objects.active().count() >= settings.RUN_LIMITS["studies_active"]:
        raise RunLimitReached("As many studies wait as may. Nothing you typed is lost.", 120)


def _check_shared(learner: Any, address_hash: str, seconds: float) -> None:
    """Check what runs and studies have in common: how many start in an hour, how many seconds they measure."""
    limits, mine, here = settings.RUN_LIMITS, {"learner": learner}, {"address_hash": address_hash}
    active = Run.objects.single().active().filter(**here).count() + Study.objects.active().filter(**here).count()
    if active >= limits["active_per_address"]:
        raise RunLimitReached(f"From your network address {active} are unfinished. Wait for one to end.", 15)
    _check_starts(mine, limits["hourly_per_learner"])
    _check_starts(here, limits["hourly_per_address"])
    _check_seconds("Your runs", mine, seconds, limits["hourly_seconds_per_learner"])
    _check_seconds("The runs from your network address", here, seconds, limits["hourly_seconds_per_address"])


def _check_starts(whose: dict[str, Any], limit: int) -> None:
    latest: list[Any] = []
    for rows in (Run.objects.single(), Study.objects.all()):
        latest += _recent(rows, whose).order_by("-created_at").values_list("created_at", flat=True)[:limit]
    for created_at in sorted(latest, reverse=True)[limit - 1 : limit]:
        raise RunLimitReached(f"That was {_runs(limit)} within an hour, which is the limit.", _leaves_in(created_at))


def _check_seconds(runs: str, whose: dict[str, Any], seconds: float, limit: int) -> None:
    rows = _recent(Run.objects.all(), whose).order_by("created_at").annotate(seconds=SECONDS)
    counted = [(created_at, took) for created_at, took in rows.values_list("created_at", "seconds") if took]
    too_much = math.fsum(took for _, took in counted) + seconds - limit
    if too_much <= 0:
        return
    used, wait = limit + too_much - seconds, math.ceil(HOUR.total_seconds())
    for created_at, took in counted:
        too_much -= took
        if too_much <= 0:
            wait = _leaves_in(created_at)
            break
    said = f"{runs} within an hour take {used:,.0f} s of measuring and this would take {seconds:,.0f} s more"
    raise RunLimitReached(f"{said}; the limit is {limit:,} s. A shorter run may fit.", wait)


def _recent(rows: QuerySet, whose: dict[str, Any]) -> QuerySet:
    return rows.filter(**whose, created_at__gt=now() - HOUR)


def _leaves_in(created_at: Any) -> int:
    """Return in how many seconds a start leaves the hour."""
    return max(1, math.ceil((created_at + HOUR - now()).total_seconds()))


def _runs(count: int) -> str:
    return "1 run" if count == 1 else f"{count} runs"


def _in_words(seconds: int) -> str:
    """Return a wait in the unit that people would use."""
    return f"{seconds} seconds" if seconds < 90 else f"{math.ceil(seconds / 60)} minutes"
