"""What is a network in the middle of a run? Arrays, so that a compiled loop can leave off anywhere and go on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.simulator.network import Network
from apps.simulator.sources import Sources
from apps.simulator.streams import BLOCK, Floats

Ints = NDArray[np.int64]

LINE, NEWEST_FIRST, URGENT_FIRST, SHARED = 0, 1, 2, 3  # disciplines
KINDS = {"fifo": LINE, "lifo": NEWEST_FIRST, "priority": URGENT_FIRST, "ps": SHARED}
NOBODY = -1
# places in `tally`: single numbers that change
ARRIVED, LEFT, PLANNED, EVENTS, FREE, LOGGED, BATCH = range(7)
NOW, SINCE = range(2)  # places in `clock`
SPARE = 8  # entries that one event may add


class Plan(NamedTuple):
    """What does not change in a run."""

    servers: Ints
    room: Ints
    kind: Ints
    chances: Floats
    places: Ints  # the station of each arrival
    urgent: float
    customers: int
    warm_up: int


class Numbers(NamedTuple):
    """The random numbers at hand, a row a source, and how many of each row are used."""

    arrival: Floats
    rank: Floats
    work: Floats
    crossing: Floats
    used: Ints  # rows as above


class Scene(NamedTuple):
    """Where everybody is. Customers have slots; `after` links those who wait, and the free slots."""

    tally: Ints
    clock: Floats
    born: Floats
    came: Floats
    began: Floats
    work: Floats
    number: Ints
    is_urgent: Ints
    after: Ints
    head: Ints  # [station, rank]: who waits first
    tail: Ints
    waiting: Ints
    busy: Ints
    changed_at: Floats
    at: Floats  # the list of events: time, number, what
    planned: Ints
    what: Ints
    given: Floats  # of stations with shared servers
    given_at: Floats
    entered: Ints
    inside: Ints
    current: Ints  # number of the event that is valid
    done_at: Floats  # [station, place in heap]
    done_number: Ints
    done_slot: Ints


def plan_of(network: Network, sources: Sources, customers: int, warm_up: int) -> Plan:
    """Return a network as arrays; room for everybody is -1."""
    stations = network.stations.values()
    return Plan(
        servers=np.array([station.servers for station in stations]),
        room=np.array([station.room or -1 for station in stations]),
        kind=np.array([KINDS[station.discipline] for station in stations]),
        chances=sources.chances,
        places=np.array(sources.places),
        urgent=sources.urgent,
        customers=customers,
        warm_up=warm_up,
    )


def numbers_of(stations: int, arrivals: int) -> Numbers:
    """Return rows for random numbers, all of them used up; a place without a source is never used."""
    used = np.zeros((5, max(stations, arrivals)), dtype=np.int64)
    used[:2, :arrivals] = used[2:4, :stations] = BLOCK
    return Numbers(
        arrival=np.zeros((arrivals, BLOCK)),
        rank=np.zeros((arrivals, BLOCK)),
        work=np.zeros((stations, BLOCK)),
        crossing=np.zeros((stations, BLOCK)),
        used=used,
    )


def scene_of(plan: Plan, slots: int, events: int) -> Scene:
    """Return an empty network with room for so many customers and events."""
    stations = len(plan.servers)
    shared = slots if (plan.kind == SHARED).any() else 1

    def floats(*shape: int) -> Floats:
        return np.zeros(shape)

    def ints(*shape: int, fill: int = 0) -> Ints:
        return np.full(shape, fill, dtype=np.int64)

    scene = Scene(
        tally=ints(7), clock=floats(2), born=floats(slots), came=floats(slots), began=floats(slots),
        work=floats(slots), number=ints(slots), is_urgent=ints(slots), after=np.arange(1, slots + 1),
        head=ints(stations, 2, fill=NOBODY), tail=ints(stations, 2, fill=NOBODY), waiting=ints(stations),
        busy=ints(stations), changed_at=floats(stations), at=floats(events), planned=ints(events), what=ints(events),
        given=floats(stations), given_at=floats(stations), entered=ints(stations), inside=ints(stations),
        current=ints(stations, fill=NOBODY), done_at=floats(stations, shared), done_number=ints(stations, shared),
        done_slot=ints(stations, shared),
    )  # fmt: skip
    scene.after[-1] = NOBODY
    return scene


def grown(plan: Plan, scene: Scene) -> Scene:
    """Return the same scene with twice as many slots and events."""
    slots = len(scene.born)
    wider = scene_of(plan, 2 * slots, 2 * len(scene.at))
    for name, old in scene._asdict().items():
        new = getattr(wider, name)
        new[tuple(slice(length) for length in old.shape)] = old
    wider.after[slots : 2 * slots - 1] = np.arange(slots + 1, 2 * slots)
    wider.after[-1] = wider.tally[FREE]
    wider.tally[FREE] = slots
    return wider
