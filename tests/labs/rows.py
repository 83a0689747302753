"""How does a test get runs that have ended? By writing what a worker would, with the guards of the database."""

from datetime import timedelta

from django.utils.timezone import now

from apps.labs.ending import end
from apps.labs.models import Run, RunState

PASSPORT = {"redis": "Redis 6.2.14", "host": {"platform": "Linux", "cores": 2}}


def result_of(**figures):
    """Return what a run stores that came to these figures."""
    theory = {"value": 0.58, "tolerance": 0.02, "source": "Che's approximation"}
    return {
        "kind": "measured",
        "figures": figures,
        "expected": {"hit_ratio": theory} if "hit_ratio" in figures else {},
        "passport": PASSPORT,
        "finding": "A tenth of the products answered 57 % of the reads.",
        "caveats": [],
    }


def carry_out(run, *, took_s=2.0, series=None, **figures):
    """End a queued run as a worker does: claimed, then done in `took_s` with these figures."""
    claimed = Run.objects.claim(run.pk)
    Run.objects.filter(pk=run.pk).update(started_at=now() - timedelta(seconds=took_s))
    ending = {"state": RunState.DONE, "result": result_of(**figures), "series": series or {}}
    assert end(Run.objects.held_by(run.pk, claimed.attempt), claimed, **ending)


def fail(run, reason="Redis did not start."):
    """End a queued run as one that could not be carried out."""
    claimed = Run.objects.claim(run.pk)
    assert end(Run.objects.held_by(run.pk, claimed.attempt), claimed, state=RunState.FAILED, reason=reason)
