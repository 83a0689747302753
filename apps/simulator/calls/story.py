"""How does a system of services work? Told in plain words, one event at a time: the reference for the compiled engine.

A client's request becomes a call, a call becomes attempts at replicas, an attempt that has been served calls other
services. Each noun has its own file: `story_call`, `story_attempt`, `story_replica`, `story_balancer`,
`story_breaker`, `story_changes`. Everything that takes time is a planned event, and so is what happens at once but to
somebody else. The compiled engine does the same steps in the same order, and ends with the same numbers to the last
bit.
"""

from __future__ import annotations

import numpy as np

from apps.simulator.calls.hashing import mixed
from apps.simulator.calls.layout import Layout, Link, pauses
from apps.simulator.calls.ledger import Ledger
from apps.simulator.calls.sources import Sources
from apps.simulator.calls.story_attempt import Attempt
from apps.simulator.calls.story_balancer import Balancer
from apps.simulator.calls.story_breaker import LiveBreaker, LiveBudget
from apps.simulator.calls.story_call import Calling, Request
from apps.simulator.calls.story_changes import happen
from apps.simulator.calls.story_replica import Replica
from apps.simulator.calls.tallies import Span
from apps.simulator.kernel import Simulation


class Story:
    """A system under way."""

    def __init__(self, layout: Layout, sources: Sources, ledger: Ledger, span: Span) -> None:
        self.layout, self.system, self.sources, self.ledger, self.span = layout, layout.system, sources, ledger, span
        self.time = Simulation()
        there = layout.there_at_first()
        self.replicas = [
            [Replica(self, place, number, there[place][number]) for number in range(service.replicas)]
            for place, service in enumerate(layout.services)
        ]
        hashes = mixed(np.arange(self.system.keys))
        self.balancers = [
            Balancer(service, sources.routing[place], hashes, there[place])
            for place, service in enumerate(layout.services)
        ]
        self.breakers = [self._breaker(link) for link in layout.links]
        self.budgets = [LiveBudget(link.call.retry) for link in layout.links]
        self.pauses = [pauses(link.call.retry) for link in layout.links]
        self.came = self.ended = 0

    def _breaker(self, link: Link) -> LiveBreaker | None:
        rule = link.call.breaker
        return LiveBreaker(rule, lambda state: self.ledger.mark(self.time.now, link.to, state)) if rule else None

    def run(self) -> float:
        """Carry the system on until the span is over, and return when that was."""
        for change in self.system.changes:
            self.time.at(change.at_s, happen, self, change)
        self.time.at(self.sources.arrival.take(), self.arrive)
        self.time.run(self.span.until)
        self.ledger.close(self.time.now)
        return self.time.now

    def arrive(self) -> None:
        """Let a client's request come."""
        self.time.at(self.sources.arrival.take(), self.arrive)
        key = int(self.sources.key.take()) if self.sources.needs_keys else 0
        request = Request(self.came, self.time.now, key)
        self.came += 1
        self.ledger.offered(self.time.now)
        self.call(self.layout.entry, request, None)
        if self.came - self.ended > self.span.most_inside:
            self.time.stop()

    def call(self, link: Link, request: Request, parent: Attempt | None) -> None:
        """Begin a call for a client or an attempt."""
        Calling(self, link, request, parent).begin()

    def end(self, request: Request, ok: bool) -> None:
        """Let a client have an answer, or none for good."""
        self.ended += 1
        self.ledger.end(self.time.now, request.born, ok)
        if self.ended == self.span.requests:
            self.time.stop()
