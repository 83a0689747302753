"""What is a run, and what is a study? One row from the click to the last figure; a study is a set of such rows.

These rows are the truth; the queues only carry ids. What a study has come to is not stored: it is a fold over its runs.
"""

import secrets
from datetime import timedelta

from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.timezone import now

from apps.accounts.models import Learner

LEASE = timedelta(seconds=10)
JUST_ENDED = timedelta(minutes=10)
MAX_ATTEMPTS = 2
INTERACTIVE, LONG = "interactive", "long"  # the queues: single runs, runs of studies


def new_run_id() -> str:
    """Return an id that cannot be guessed: whoever has the address of a run or a study may read it."""
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

    def single(self):
        """Runs that were started on their own, not by a study."""
        return self.filter(study=None)

    def on_queue(self, queue: str):
        """Runs that travel by this queue."""
        return self.filter(study__isnull=queue == INTERACTIVE)

    def tries_at(self, challenge: str, *, lab: str):
        """Runs that tried a challenge of a lab and came to something, newest first; without what makes them long."""
        tries = self.single().filter(lab=lab, challenge=challenge, state=RunState.DONE)
        return tries.defer("series", "film").order_by("-created_at")

    def left_off(self, lab: str, preset: str, challenge: str = ""):
        """The newest single run of a lab that goes on, or that ended within 10 minutes and asked the same."""
        runs = self.single().filter(lab=lab).order_by("-created_at")
        asked = {name: value for name, value in {"preset": preset, "challenge": challenge}.items() if value}
        return runs.active().first() or runs.filter(finished_at__gt=now() - JUST_ENDED, **asked).first()

    def stale(self):
        """Running runs whose worker has not renewed its lease, by the database's clock: machines differ by seconds."""
        return self.filter(state=RunState.RUNNING, lease_until__lt=Now())

    def forgotten(self, age: timedelta):
        """Queued runs whose message was last sent longer than `age` ago: the broker may have lost it."""
        return self.filter(state=RunState.QUEUED, enqueued_at__lt=now() - age)

    def ahead_of(self, run):
        """Active runs on its queue that will be carried out before this queued one."""
        return self.on_queue(run.queue).active().filter(created_at__lt=run.created_at)

    def held_by(self, run_id: str, attempt: int):
        """The run, if this attempt still holds it: the attempt number is the fencing token of every later write."""
        return self.filter(pk=run_id, attempt=attempt, state=RunState.RUNNING)

    def claim(self, run_id: str):
        """Return the run, moved from queued to running with a new attempt; None if another worker was faster."""
        won = self.filter(pk=run_id, state=RunState.QUEUED).update(
            state=RunState.RUNNING, attempt=F("attempt") + 1, started_at=now(), lease_until=Now() + LEASE
        )
        return self.get(pk=run_id) if won else None


class StudyQuerySet(models.QuerySet):
    def active(self):
        """Studies with a run that waits or goes on."""
        return self.filter(Exists(Run.objects.active().filter(study=OuterRef("pk"))))

    def left_off(self, lab: str, preset: str, challenge: str = ""):
        """The newest study of a lab that goes on, or that ended within 10 minutes and asked the same question."""
        studies = self.filter(lab=lab).order_by("-created_at")
        ended = studies.annotate(ended_at=Max("runs__finished_at")).filter(ended_at__gt=now() - JUST_ENDED)
        asked = {name: value for name, value in {"preset": preset, "challenge": challenge}.items() if value}
        return studies.active().first() or ended.filter(**asked).first()


class Study(models.Model):
    """Runs of one lab that belong together: trials with several seeds, at each value of at most one parameter."""

    id = models.CharField(primary_key=True, max_length=16, default=new_run_id, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="studies")
    lab = models.CharField(max_length=60)
    preset = models.CharField(max_length=60, blank=True)
    challenge = models.CharField(max_length=60, blank=True, default="", db_default="")  # which one its settings tried
    params = models.JSONField()  # at each value `param` differs from what stands here
    param = models.CharField(max_length=60, blank=True)  # "" if nothing is swept
    values = models.JSONField(default=list)  # what `param` is set to, in rising order; [] if nothing is swept
    trials = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField()  # of the first trial; the next ones follow it, the same at every value
    guess = models.JSONField(null=True)  # as of a run, or {"figure", "param", "curve": [[value, y], ...], "within"}
    idempotency_key = models.UUIDField()
    address_hash = models.CharField(max_length=32)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=now)
    stop_requested_at = models.DateTimeField(null=True)

    objects = StudyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "idempotency_key"], name="study_once_per_key"),
            models.CheckConstraint(
                name="study_param_has_values", condition=Q(param="", values=[]) | (~Q(param="") & ~Q(values=[]))
            ),
            models.CheckConstraint(name="study_has_trials", condition=Q(trials__gte=1)),
        ]
        indexes = [
            models.Index(fields=["learner", "-created_at"], name="study_by_learner"),
            models.Index(fields=["address_hash", "-created_at"], name="study_by_address"),
        ]
        verbose_name_plural = "studies"

    def __str__(self):
        return f"study of {self.lab} {self.pk}"

    def get_absolute_url(self):
        """Return the permalink."""
        return reverse("study", args=[self.pk])

    @property
    def is_final(self) -> bool:
        """Whether no run waits or goes on any more."""
        return not self.runs.active().exists()


class Run(models.Model):
    """One execution of a lab for one learner, from its settings to its result."""

    id = models.CharField(primary_key=True, max_length=16, default=new_run_id, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="runs")
    # Without an index of its own: the one of `run_once_per_trial` begins with it.
    study = models.ForeignKey(Study, null=True, on_delete=models.CASCADE, related_name="runs", db_index=False)
    position = models.PositiveSmallIntegerField(null=True)  # in a study: which of its values, from 0
    trial = models.PositiveSmallIntegerField(null=True)  # in a study: which of its seeds, from 0
    lab = models.CharField(max_length=60)
    preset = models.CharField(max_length=60, blank=True)
    challenge = models.CharField(max_length=60, blank=True, default="", db_default="")  # which one it is a try at
    params = models.JSONField()
    seed = models.PositiveIntegerField()
    planned_s = models.FloatField(default=0, db_default=0)  # how long it is to keep the machine (limits count it)
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
    result = models.JSONField(null=True)  # the JSON of experiments.runner.Result without series and film
    series = models.JSONField(null=True)  # {name: [[seconds, value], ...]}
    film = models.JSONField(null=True)  # `Film.as_json()`, if the lab has one

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
            models.UniqueConstraint(fields=["study", "position", "trial"], name="run_once_per_trial"),
            models.CheckConstraint(
                name="run_place_in_study",
                condition=Q(study__isnull=True, position__isnull=True, trial__isnull=True)
                | Q(study__isnull=False, position__isnull=False, trial__isnull=False),
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
    def queue(self) -> str:
        """The queue that its id travels by: a study must not stand in the way of who waits for one run."""
        return LONG if self.study_id else INTERACTIVE

    @property
    def is_final(self) -> bool:
        """Whether the run has ended, well or not."""
        return self.state not in ACTIVE
