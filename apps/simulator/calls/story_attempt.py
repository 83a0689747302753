"""What is an attempt? One try of a call at one replica: it is on its way, waits, is served, and calls on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.simulator.kernel import Event

if TYPE_CHECKING:
    from apps.simulator.calls.story_call import Calling
    from apps.simulator.calls.story_replica import Replica

ON_ITS_WAY, WAITING, SERVED, AWAY, ANSWERED = range(5)  # away: its server is free again, its calls are not answered


class Attempt:
    """Who stands at a replica for a caller. Times in seconds."""

    def __init__(self, calling: Calling, replica: Replica, expires: float) -> None:
        self.calling, self.replica, self.expires = calling, replica, expires
        self.try_number, self.number = calling.tries, calling.sent
        self.state = ON_ITS_WAY
        self.came = self.began = self.since = 0.0
        self.left = 0.0  # work still to do
        self.end_of_work: Event | None = None
        self.row = -1  # among the visits that are kept
        self.stage = 0  # of calls to make next
        self.pending = 0  # calls that have not ended

    @property
    def is_awaited(self) -> bool:
        """Return whether the caller still waits for this very attempt."""
        return self.calling.waits and self.calling.tries == self.try_number

    def call_on(self) -> bool:
        """Make the calls of the next stage that has any, and return whether there was one."""
        story, place = self.replica.story, self.replica.place
        stages = story.layout.stages[place]
        while self.pending == 0 and self.stage < len(stages):
            links = stages[self.stage]
            self.stage += 1
            for link in links:
                if link.call.chance < 1 and story.sources.chance[link.number].take() >= link.call.chance:
                    continue
                for _ in range(link.call.copies):
                    self.pending += 1
                    story.call(link, self.calling.request, self)
        return self.pending > 0

    def answer(self, *, ok: bool) -> None:
        """Send the answer on its way."""
        story = self.replica.story
        self.state = ANSWERED
        story.balancers[self.replica.place].open[self.replica.number] -= 1
        story.time.after(story.system.latency_s, self.calling.hear, self, ok)
