"""What is a run? One row from the click to the last figure. This row is the truth; the queue only carries its id."""

import secrets
from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import now

from apps.accounts.models import Learner

LEASE = timedelta(seconds=10)
JUST_ENDED = timedelta(minutes=10)
MAX_ATTEMPTS = 2


def new_run_id() -> str:
    """Return an id that cannot be guessed: whoever has a run's address may read it."""
    return secrets.token_urlsafe(12)


class RunState(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    STOPPED = "stopped", "Stopped"
    LOST = "lost", "Lost"


ACTIVE = (RunState.QUEUED, RunState.RUNNING)


class RunQuerySet(models.QuerySet):
    def active(self):
        """Runs that wait or go on."""
        return self.filter(state__in=ACTIVE)

    def left_off(self, lab: str, preset: str):
        """The newest run of a lab that goes on, or that ended within 10 minutes and asked the same question."""
        runs = self.filter(lab=lab).order_by("-created_at")
        ended = runs.filter(finished_at__gt=now() - JUST_ENDED)
        return runs.active().first() or (ended.filter(preset=preset) if preset else ended).first()

    def stale(self):
        """Running runs whose worker has not renewed its lease."""
        return self.filter(state=RunState.RUNNING, lease_until__lt=now())

    def forgotten(self, age: timedelta):
        """Queued runs whose message was last sent longer than `age` ago: the broker may have lost it."""
        return self.filter(state=RunState.QUEUED, enqueued_at__lt=now() - age)

    def ahead_of(self, run):
        """Active runs that will be carried out before this queued one."""
        return self.active().filter(created_at__lt=run.created_at)

    def held_by(self, run_id: str, attempt: int):
        """The run, if this attempt still holds it: the attempt number is the fencing token of every later write."""
        return self.filter(pk=run_id, attempt=attempt, state=RunState.RUNNING)

    def claim(self, run_id: str):
        """Return the run, moved from queued to running with a new attempt; None if another worker was faster."""
        won = self.filter(pk=run_id, state=RunState.QUEUED).update(
            state=RunState.RUNNING, attempt=F("attempt") + 1, started_at=now(), lease_until=now() + LEASE
        )
        return self.get(pk=run_id) if won else None


class Run(models.Model):
    """One execution of a lab for one learner, from its settings to its result."""

    id = models.CharField(primary_key=True, max_length=16, default=new_run_id, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="runs")
    lab = models.CharField(max_length=60)
    preset = models.CharField(max_length=60, blank=True)
    params = models.JSONField()
    seed = models.PositiveIntegerField()
    guess = models.JSONField(null=True)  # {"figure", "value", "low", "high"}, in the unit of the figure
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.QUEUED)
    reason = models.TextField(blank=True)  # why it failed, stopped or was lost; what happened to an earlier attempt
    attempt = models.PositiveSmallIntegerField(default=0)
    idempotency_key = models.UUIDField()
    address_hash = models.CharField(max_length=32)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=now)
    enqueued_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    stop_requested_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)  # the JSON of experiments.runner.Result without its series
    series = models.JSONField(null=True)  # {name: [[seconds, value], ...]}

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "idempotency_key"], name="run_once_per_key"),
            models.CheckConstraint(name="run_done_has_result", condition=~Q(state="done") | Q(result__isnull=False)),
            models.CheckConstraint(
                name="run_end_says_why", condition=~Q(state__in=["failed", "stopped", "lost"]) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="run_final_has_end", condition=Q(state__in=["queued", "running"]) | Q(finished_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["state", "created_at"], name="run_by_state"),
            models.Index(fields=["learner", "-created_at"], name="run_by_learner"),
            models.Index(fields=["address_hash", "-created_at"], name="run_by_address"),
        ]

    def __str__(self):
        return f"{self.lab} {self.pk} {self.state}"

    def get_absolute_url(self):
        """Return the permalink."""
        return reverse("run", args=[self.pk])

    @property
    def is_final(self) -> bool:
        """Whether the run has ended, well or not."""
        return self.state not in ACTIVE
