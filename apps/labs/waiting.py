"""How long does a queued run wait? As long as the runs before it still take, on its queue and on its machine.

Single runs and the runs of studies have a queue each, and measured runs take turns on a machine: who waits behind two
single runs lets up to three runs of studies pass as well. With workers on more machines it goes faster than said.
"""

import math
from dataclasses import dataclass
from itertools import islice

from django.utils.timezone import now

from apps.experiments.registry import experiments
from apps.labs.costs import OVERHEAD_S
from apps.labs.models import INTERACTIVE, LONG, Run, RunState


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
    ahead = list(Run.objects.ahead_of(run).only("planned_s", "state", "started_at"))
    between = _measured_between(run, len(ahead) + 1)
    overdue = (now() - run.enqueued_at).total_seconds() > 5 and not ahead and not between
    return Waiting(len(ahead), math.ceil(sum(map(_remaining_s, [*ahead, *between]))), unreachable=overdue)


def _measured_between(run: Run, most: int) -> list[Run]:
    """Return the measured runs of the other queue that take their turns before this run, at most so many."""
    if not _is_measured(run):
        return []
    others = Run.objects.on_queue(INTERACTIVE if run.queue == LONG else LONG).active().order_by("created_at")
    wanted = others.only("planned_s", "state", "started_at", "lab", "params")
    return list(islice(filter(_is_measured, wanted), most))


def _is_measured(run: Run) -> bool:
    """Return whether a run takes its turn on the machine; a lab that is gone does not."""
    lab = experiments().get(run.lab)
    return lab is not None and lab.kind_of(run.params) == "measured"


def _remaining_s(run: Run) -> float:
    whole = run.planned_s + OVERHEAD_S
    if run.state == RunState.RUNNING and run.started_at:
        return max(1.0, whole - (now() - run.started_at).total_seconds())
    return whole
