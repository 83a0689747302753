"""How does a network of queues work? Told in plain words, one event at a time: the reference for the compiled engines.

A customer arrives, waits if all servers are busy, is served, and goes on or leaves. Everything that takes time is a
planned event. The compiled engines do the same steps in the same order, and end with the same numbers to the last bit.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from heapq import heappop, heappush

from apps.simulator.kernel import Event, Simulation
from apps.simulator.ledger import Ledger
from apps.simulator.network import Network
from apps.simulator.sources import Sources


@dataclass(slots=True)
class Customer:
    """Who walks through the network. Times in seconds."""

    number: int
    urgent: bool
    born: float
    came: float = 0.0  # to the station where it is now
    began: float = 0.0
    work: float = 0.0


class Queue:
    """A station with a waiting line: first come first served, last come first served, or the urgent first."""

    def __init__(self, story: Story, place: int, servers: int, room: float, discipline: str) -> None:
        self.story, self.place, self.servers, self.room = story, place, servers, room
        self.newest_first, self.by_rank = discipline == "lifo", discipline == "priority"
        self.urgent: deque[Customer] = deque()
        self.others: deque[Customer] = deque()
        self.busy = 0

    @property
    def waiting(self) -> int:
        return len(self.urgent) + len(self.others)

    def enter(self, customer: Customer) -> None:
        if self.busy < self.servers:
            self.begin(customer)
        else:
            (self.urgent if self.by_rank and customer.urgent else self.others).append(customer)
            self.story.crowd(self.place, waiting=1, busy=0)

    def begin(self, customer: Customer) -> None:
        customer.began = self.story.time.now
        self.busy += 1
        self.story.crowd(self.place, waiting=0, busy=1)
        self.story.time.after(customer.work, self.finish, customer)

    def finish(self, customer: Customer) -> None:
        self.busy -= 1
        self.story.crowd(self.place, waiting=0, busy=-1)
        self.story.served(self.place, customer, waited=customer.began - customer.came)
        if self.waiting:
            self.story.crowd(self.place, waiting=-1, busy=0)
            self.begin(self.next())
        self.story.move(self.place, customer)

    def next(self) -> Customer:
        line = self.urgent or self.others
        return line.pop() if self.newest_first else line.popleft()

    @property
    def present(self) -> int:
        return self.busy + self.waiting


class Shared:
    """A station whose servers share their time among all who are there: each gets min(1, servers/present) of one.

    `given` is the work that somebody present all the time would have got; a customer is done when it has grown by
    the customer's own work.
    """

    def __init__(self, story: Story, place: int, servers: int, room: float) -> None:
        self.story, self.place, self.servers, self.room = story, place, servers, room
        self.inside: list[tuple[float, int, Customer]] = []
        self.entered = 0
        self.given = self.changed_at = 0.0
        self.next_done: Event | None = None

    @property
    def present(self) -> int:
        return len(self.inside)

    @property
    def speed(self) -> float:
        return min(1.0, self.servers / len(self.inside))

    def enter(self, customer: Customer) -> None:
        self.give()
        heappush(self.inside, (self.given + customer.work, self.entered, customer))
        self.entered += 1
        self.told(1)
        self.plan()

    def give(self) -> None:
        now = self.story.time.now
        if self.inside:
            self.given += (now - self.changed_at) * self.speed
        self.changed_at = now

    def plan(self) -> None:
        if self.next_done:
            self.next_done.cancel()
        self.next_done = None
        if self.inside:
            left = max(0.0, self.inside[0][0] - self.given)
            self.next_done = self.story.time.after(left / self.speed, self.finish)

    def finish(self) -> None:
        self.next_done = None
        self.give()
        self.given, _, customer = heappop(self.inside)
        self.told(-1)
        lost = self.story.time.now - customer.came - customer.work
        self.story.served(self.place, customer, waited=max(0.0, lost))
        self.plan()
        self.story.move(self.place, customer)

    def told(self, change: int) -> None:
        before = min(self.servers, len(self.inside) - change)
        busy = min(self.servers, len(self.inside)) - before
        self.story.crowd(self.place, waiting=change - busy, busy=busy)


class Story:
    """A network under way."""

    def __init__(self, network: Network, sources: Sources, ledger: Ledger, customers: int) -> None:
        self.time, self.sources, self.ledger, self.customers = Simulation(), sources, ledger, customers
        self.stations: list[Queue | Shared] = [
            Shared(self, place, station.servers, station.room or float("inf"))
            if station.discipline == "ps"
            else Queue(self, place, station.servers, station.room or float("inf"), station.discipline)
            for place, station in enumerate(network.stations.values())
        ]
        self.arrived = 0

    def run(self) -> None:
        """Carry the network on until so many customers have left it."""
        for source in range(len(self.sources.places)):
            self.time.at(self.sources.arrival[source].take(), self.arrive, source)
        self.time.run()

    def arrive(self, source: int) -> None:
        self.time.at(self.sources.arrival[source].take(), self.arrive, source)
        customer = Customer(self.arrived, self.sources.is_urgent(source), born=self.time.now)
        self.arrived += 1
        self.enter(self.sources.places[source], customer)

    def enter(self, place: int, customer: Customer) -> None:
        station = self.stations[place]
        customer.came, customer.work = self.time.now, self.sources.work[place].take()
        if station.present >= station.room:
            self.ledger.refuse(place)
            self.leave()
        else:
            station.enter(customer)

    def crowd(self, place: int, *, waiting: int, busy: int) -> None:
        self.ledger.crowd(place, self.time.now, waiting, busy)

    def served(self, place: int, customer: Customer, *, waited: float) -> None:
        self.ledger.serve(place, customer.number, customer.came, waited, self.time.now)

    def move(self, place: int, customer: Customer) -> None:
        following = self.sources.next_place(place)
        if following >= 0:
            self.enter(following, customer)
        else:
            self.ledger.through(self.time.now - customer.born)
            self.leave()

    def leave(self) -> None:
        self.ledger.leave(self.time.now)
        if self.ledger.left == self.customers:
            self.time.stop()
