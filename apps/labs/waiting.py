"""How long does a queued run wait? As long as the runs before it still take."""

import math
from dataclasses import dataclass

from django.utils.timezone import now

from apps.labs.models import Run, RunState

OVERHEAD_S = 2  # reset and load between two runs


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many runs go first, about how many seconds they take, and whether the queue can be reached at all."""

    ahead: int
    seconds: int
    unreachable: bool = False


def waiting(run: Run) -> Waiting | None:
    """Return what stands before a queued run; None for one that does not wait."""
    if run.state != RunState.QUEUED:
        return None
    ahead = list(Run.objects.ahead_of(run).only("params", "state", "started_at"))
    overdue = (now() - run.enqueued_at).total_seconds() > 5 and not ahead
    return Waiting(len(ahead), math.ceil(sum(map(_remaining_s, ahead))), unreachable=overdue)


def _remaining_s(run: Run) -> float:
    whole = float(run.params.get("duration_s", 10)) + OVERHEAD_S
    if run.state == RunState.RUNNING and run.started_at:
        return max(1.0, whole - (now() - run.started_at).total_seconds())
    return whole
