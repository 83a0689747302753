"""What happens at a replica? Attempts come, wait, are served, call on, and leave; or the replica itself goes."""

from __future__ import annotations

from collections import deque
from math import inf
from typing import TYPE_CHECKING

from apps.simulator.calls.report import FATES
from apps.simulator.calls.story_attempt import AWAY, SERVED, WAITING, Attempt

if TYPE_CHECKING:
    from apps.simulator.calls.story import Story

OK, FAILED, REFUSED, TIMEOUT, LATE = range(len(FATES))


class Replica:
    """One of the equal machines of a service: a queue before its servers."""

    def __init__(self, story: Story, place: int, number: int, there: bool) -> None:
        self.story, self.place, self.number, self.there = story, place, number, there
        self.service = story.layout.services[place]
        self.index = story.layout.first_replica[place] + number  # among all replicas
        self.own_speed = self.service.speeds[number] if number < len(self.service.speeds) else 1.0
        self.speed, self.fails = self.own_speed, self.service.fails
        self.room = inf if self.service.room is None else self.service.room
        self.queue: deque[Attempt] = deque()
        self.inside: dict[Attempt, None] = {}  # whoever came and has not been answered, in that order
        self.busy = 0

    def reach(self, attempt: Attempt) -> None:
        """Let an attempt come."""
        now, story = self.story.time.now, self.story
        attempt.came, attempt.left = now, story.sources.work[self.place].take()
        attempt.row = story.ledger.come(self.place, self.number, attempt.calling.request.number, attempt.number, now)
        if not self.there or self.busy + len(self.queue) >= self.room:
            story.ledger.refuse(self.place)
            story.ledger.write(attempt.row, inf, now, REFUSED)
            attempt.answer(ok=False)
            return
        self.inside[attempt] = None
        if self.busy < self.service.servers:
            self.begin(attempt)
        else:
            attempt.state = WAITING
            self.queue.append(attempt)
            story.ledger.crowd(self.place, now, waiting=1, busy=0)

    def begin(self, attempt: Attempt) -> None:
        """Serve an attempt, or drop it if its caller has given up and the service looks at that."""
        now = self.story.time.now
        if self.service.drops_expired and now >= attempt.expires:
            self.story.ledger.write(attempt.row, inf, now, TIMEOUT)
            del self.inside[attempt]
            attempt.answer(ok=False)
            return
        attempt.state, attempt.began = SERVED, now
        self.busy += 1
        self.story.ledger.crowd(self.place, now, waiting=0, busy=1)
        self.work_on(attempt)

    def work_on(self, attempt: Attempt) -> None:
        attempt.since, attempt.end_of_work = self.story.time.now, None
        if self.speed > 0:
            attempt.end_of_work = self.story.time.after(attempt.left / self.speed, self.finish, attempt)

    def finish(self, attempt: Attempt) -> None:
        """End an attempt's own work: it fails, or calls on."""
        attempt.end_of_work = None
        if self.fails > 0 and self.story.sources.failure[self.place].take() < self.fails:
            self.over(attempt, ok=False)
        else:
            if not self.service.holds:
                self.release(attempt, ok=True)
            self.go_on(attempt)
        self.take_next()

    def go_on(self, attempt: Attempt) -> None:
        """Make the calls of the next stage that has any; without one the attempt is done."""
        if not attempt.call_on():
            self.over(attempt, ok=True)

    def hear(self, attempt: Attempt, *, ok: bool) -> None:
        """Take note that a call of an attempt ended."""
        attempt.pending -= 1
        if not ok:
            self.over(attempt, ok=False)
        elif attempt.pending == 0:
            self.go_on(attempt)
        self.take_next()

    def over(self, attempt: Attempt, *, ok: bool) -> None:
        """Answer an attempt, which leaves its server if it still has one."""
        if attempt.state == SERVED:
            self.release(attempt, ok=ok)
        del self.inside[attempt]
        attempt.answer(ok=ok)

    def release(self, attempt: Attempt, *, ok: bool) -> None:
        """Free the server of an attempt."""
        now, ledger = self.story.time.now, self.story.ledger
        attempt.state = AWAY
        self.busy -= 1
        ledger.crowd(self.place, now, waiting=0, busy=-1)
        ledger.serve(self.place, self.index, attempt.came, attempt.began, now)
        fate = OK if ok else FAILED
        if not attempt.is_awaited:
            ledger.waste(self.place)
            fate = LATE
        ledger.write(attempt.row, attempt.began, now, fate)

    def take_next(self) -> None:
        """Let free servers take who is next."""
        while self.queue and self.busy < self.service.servers:
            attempt = self.queue.pop() if self.service.order == "lifo" else self.queue.popleft()
            self.story.ledger.crowd(self.place, self.story.time.now, waiting=-1, busy=0)
            self.begin(attempt)

    def change_speed(self, speed: float) -> None:
        """Work at another speed from now on, at what is being served too."""
        before, self.speed = self.speed, speed
        for attempt in self.inside:
            if attempt.state == SERVED and attempt.pending == 0:
                attempt.left = max(0.0, attempt.left - (self.story.time.now - attempt.since) * before)
                if attempt.end_of_work:
                    attempt.end_of_work.cancel()
                self.work_on(attempt)

    def come_up(self) -> None:
        """Be there again, or for the first time."""
        if not self.there:
            self.there = True
            self.story.ledger.servers(self.place, self.story.time.now, self.service.servers)

    def go_down(self) -> None:
        """Be gone, and whatever is inside with it."""
        if not self.there:
            return
        self.there = False
        self.story.ledger.servers(self.place, self.story.time.now, -self.service.servers)
        for attempt in list(self.inside):
            self.lose(attempt)
        self.queue.clear()

    def lose(self, attempt: Attempt) -> None:
        now, ledger, served = self.story.time.now, self.story.ledger, attempt.state == SERVED
        if attempt.end_of_work:
            attempt.end_of_work.cancel()
        if attempt.state != AWAY:
            ledger.crowd(self.place, now, waiting=0 if served else -1, busy=-1 if served else 0)
            ledger.write(attempt.row, attempt.began if served else inf, now, FAILED)
        self.busy -= served
        del self.inside[attempt]
        attempt.answer(ok=False)
