"""What did a learner predict, run and answer? One append-only entry each; what follows from them is computed."""

from django.db import models

from apps.accounts.models import Learner


class Entry(models.Model):
    """One thing that a learner did. Never changed after it is written."""

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "key"], name="entry_once_per_key")]
        indexes = [models.Index(fields=["learner", "kind", "subject", "created_at"], name="entry_by_subject")]
        verbose_name_plural = "entries"

    def __str__(self):
        return f"{self.kind} {self.subject}"


def record(*, learner: Learner, kind: str, subject: str, payload: dict, key: str) -> Entry:
    """Return the learner's entry under `key`, written now unless it was before (a retry changes nothing)."""
    return Entry.objects.get_or_create(
        learner=learner, key=key, defaults={"kind": kind, "subject": subject, "payload": payload}
    )[0]
