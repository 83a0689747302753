"""What changes while a system runs? A replica slows down, stands still, fails more often, goes, comes, or is added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.simulator.calls.report import MARKS
from apps.simulator.calls.story_replica import Replica
from apps.simulator.calls.system import Change

if TYPE_CHECKING:
    from apps.simulator.calls.story import Story

CHANGED = MARKS.index("change")


def happen(story: Story, change: Change) -> None:
    """Carry out a change, and mark it."""
    place = story.layout.names.index(change.service)
    story.ledger.mark(story.time.now, place, CHANGED)
    replicas = story.replicas[place]
    for replica in replicas if change.replica is None else [replicas[change.replica]]:
        _change(story, change, replica)


def _change(story: Story, change: Change, replica: Replica) -> None:
    if change.fails is not None:
        replica.fails = change.fails
    if change.gone:
        replica.go_down()
        story.time.after(change.noticed_s, _notice, story, replica, False)
    elif replica.there or change.speed > 0:
        if not replica.there:
            replica.come_up()
            story.time.after(change.noticed_s, _notice, story, replica, True)
        replica.change_speed(replica.own_speed * change.speed)


def _notice(story: Story, replica: Replica, up: bool) -> None:
    """Let the balancer know, unless it has changed again meanwhile."""
    if replica.there == up:
        story.balancers[replica.place].up[replica.number] = up
