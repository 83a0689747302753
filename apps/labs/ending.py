"""How does a run end? Once: its end, what is learned by it, and the end of its study are one transaction."""

from typing import Any

from django.db import transaction
from django.utils.timezone import now

from apps.labs.models import Run, RunQuerySet
from apps.labs.studies import note_end
from apps.progress.models import record


@transaction.atomic
def end(held: RunQuerySet, run: Run, **fields: Any) -> bool:
    """Write the final state of a run if `held` still holds it, and return whether it did.

    `held` is the run under the condition that makes the end ours: still queued, or running with our attempt.
    """
    if not held.update(**fields, finished_at=now()):
        return False
    if run.study_id:
        note_end(run.study_id)
    elif result := fields.get("result"):
        payload = {"run": run.pk, "preset": run.preset, "guess": run.guess, "figures": result["figures"]}
        if run.challenge:
            payload["challenge"] = run.challenge
        record(learner=run.learner, kind="ran", subject=f"lab:{run.lab}", payload=payload, key=f"ran:{run.pk}")
    return True
