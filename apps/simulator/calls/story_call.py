"""What does a caller do? It tries, waits, hedges, gives up, tries again after a pause, and has an answer or none."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from apps.simulator.calls.layout import Link
from apps.simulator.calls.story_attempt import ANSWERED, Attempt
from apps.simulator.calls.story_balancer import NOBODY
from apps.simulator.calls.story_breaker import NO_PERMIT
from apps.simulator.kernel import Event

if TYPE_CHECKING:
    from apps.simulator.calls.story import Story


@dataclass(slots=True)
class Request:
    """What a client wants. `born` in seconds; `key` tells which client it is."""

    number: int
    born: float
    key: int


class Calling:
    """One call under way, for a client (`parent` is None) or for an attempt at another service.

    `parent` is forgotten when the attempt has been answered without it.
    """

    def __init__(self, story: Story, link: Link, request: Request, parent: Attempt | None) -> None:
        self.story, self.link, self.call, self.request, self.parent = story, link, link.call, request, parent
        told = story.system.deadlines and parent is not None
        self.deadline = parent.expires if told and parent else inf
        self.waits = False  # for an answer to the try under way
        self.tries = self.sent = self.unanswered = 0
        self.pause, self.permit = link.call.retry.base_s, NO_PERMIT
        self.timeout: Event | None = None
        self.hedge: Event | None = None

    @property
    def is_wanted(self) -> bool:
        """Return whether the caller itself has not been answered meanwhile."""
        return self.parent is None or self.parent.state != ANSWERED

    def begin(self) -> None:
        """Make the call for the first time."""
        self.story.budgets[self.link.number].first_call()
        self.try_it()

    def try_it(self) -> None:
        """Make the call once, if it still makes sense and the breaker allows it."""
        time, breaker = self.story.time, self.story.breakers[self.link.number]
        if breaker and time.now < self.deadline:
            self.permit = breaker.ask(time.now)
        if time.now >= self.deadline or (breaker and self.permit == NO_PERMIT):
            time.after(0.0, self.settle, False)
            return
        self.tries += 1
        self.waits, self.unanswered = True, 0
        expires = min(time.now + self.call.timeout_s, self.deadline)
        self.send(expires)
        if self.unanswered == 0:
            time.after(0.0, self.end_try, False)  # there is nobody to call
            return
        if expires < inf:
            self.timeout = time.at(expires, self.time_out)
        if self.call.hedge_after_s < inf:
            self.hedge = time.after(self.call.hedge_after_s, self.send_hedge, expires)

    def send(self, expires: float) -> None:
        """Send one attempt to a replica of the balancer's choice."""
        story, place = self.story, self.link.to
        chosen = story.balancers[place].choose(self.request.key)
        if chosen == NOBODY:
            return
        replica = story.replicas[place][chosen]
        story.balancers[place].open[chosen] += 1
        attempt = Attempt(self, replica, expires)
        self.sent += 1
        self.unanswered += 1
        story.time.after(story.system.latency_s, replica.reach, attempt)

    def send_hedge(self, expires: float) -> None:
        """Send a second attempt, because the first one takes long."""
        self.hedge = None
        self.send(expires)

    def hear(self, attempt: Attempt, ok: bool) -> None:
        """Hear an answer. The first good one counts; a bad one only when nobody else can give a good one."""
        if not attempt.is_awaited:
            return
        self.unanswered -= 1
        if ok or self.unanswered == 0:
            self.end_try(ok)

    def time_out(self) -> None:
        """Wait no longer. The work goes on."""
        self.timeout = None
        self.end_try(False)

    def end_try(self, ok: bool) -> None:
        """Have an answer, or try again, or give up."""
        story, number = self.story, self.link.number
        self.waits = False
        for event in (self.timeout, self.hedge):
            if event:
                event.cancel()
        self.timeout = self.hedge = None
        breaker = story.breakers[number]
        if breaker:
            breaker.hear(self.permit, ok, story.time.now)
        if ok or not self.is_wanted or self.tries >= self.call.retry.attempts:
            self.settle(ok)
            return
        pause = self.next_pause()
        if story.time.now + pause < self.deadline and story.budgets[number].take():
            story.time.after(pause, self.try_again)
        else:
            self.settle(False)

    def try_again(self) -> None:
        """Try once more, unless nobody wants to know any longer."""
        if self.is_wanted:
            self.try_it()

    def next_pause(self) -> float:
        """Return the pause before the next try in seconds."""
        retry, planned = self.call.retry, float(self.story.pauses[self.link.number][self.tries - 1])
        if retry.jitter == "none":
            return planned
        drawn = self.story.sources.jitter[self.link.number].take()
        if retry.jitter == "decorrelated":
            self.pause = min(retry.cap_s, retry.base_s + drawn * (3 * self.pause - retry.base_s))
            return self.pause
        return planned * drawn if retry.jitter == "full" else planned / 2 + drawn * (planned / 2)

    def settle(self, ok: bool) -> None:
        """Tell the caller how the call ended."""
        if self.parent is None:
            self.story.end(self.request, ok)
        elif self.is_wanted:
            self.parent.replica.hear(self.parent, ok=ok or self.call.optional)
