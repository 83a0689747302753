"""How does a system become arrays, and what when they are too short? Built from its layout; grown to twice the size."""

from __future__ import annotations

from typing import Any

import numpy as np

from apps.simulator.calls.compiled.caring import JITTERS
from apps.simulator.calls.compiled.choosing import WAYS
from apps.simulator.calls.compiled.records import (
    ALARM,
    ATTEMPT,
    BREAKER,
    CALLING,
    IT,
    LINK,
    NOBODY,
    REPLICA,
    RING,
    SERVICE,
    TIMER,
    Records,
    World,
)  # fmt: skip
from apps.simulator.calls.hashing import mixed, ring_of
from apps.simulator.calls.layout import Layout, pauses
from apps.simulator.calls.report import MARK, VISIT
from apps.simulator.calls.sources import BY_KEY
from apps.simulator.calls.tallies import MARKS_KEPT, Books, Span
from apps.simulator.statistics import batch_of
from apps.simulator.streams import BLOCK

ROOM = 1_024  # attempts, calls and events at the start
ENDLESS = 2**62


def world_of(
    layout: Layout, span: Span, books: Books, *, bucket_s: float, visits: int, watch_from: float
) -> tuple[World, int]:
    """Return a system at rest, and how many numbers of one source one event may take."""
    copies = max([1, *(sum(link.call.copies for link in stage) for stages in layout.stages for stage in stages)])
    at_once, sources = 2 * copies + 4, 2 + 3 * len(layout.services) + 2 * len(layout.links)
    alarms = 2 * len(layout.links)
    rings = [ring_of(service) for service in layout.services]
    breakers, results = _breakers(layout)
    world = World(
        it=_it(layout, span, bucket_s, watch_from, spare=3 * copies + layout.first_replica[-1] + alarms + 16),
        attempts=_slots(ATTEMPT), callings=_slots(CALLING), replicas=_replicas(layout), services=_services(layout),
        links=_links(layout), breakers=breakers, results=results,
        stages=_stages(layout), pauses=np.concatenate([pauses(link.call.retry) for link in layout.links]),
        hashes=mixed(np.arange(layout.system.keys)),
        points=np.concatenate([points for points, _ in rings]), owners=np.concatenate([own for _, own in rings]),
        at=np.zeros(2 * ROOM), number=np.zeros(2 * ROOM, np.int64), what=np.zeros(2 * ROOM, np.int64),
        ring=np.zeros(2 * ROOM, RING), timers=_unset(np.zeros(2 * ROOM, TIMER)),
        alarms=_unset(np.zeros(alarms, ALARM)),
        numbers=np.zeros((sources, BLOCK + at_once)), used=np.zeros(sources, np.int64),
        limit=np.full(sources, -1, np.int64), visits=np.zeros(visits, VISIT), marks=np.zeros(MARKS_KEPT, MARK),
        edges=span.edges, **books._asdict(),
    )  # fmt: skip
    return world, at_once


def grown(world: World) -> World:
    """Return the same system with twice as much room for attempts, calls and events."""
    it, size = world.it[0], len(world.ring)
    order = (it["ring_head"] + np.arange(size)) % size
    it["ring_head"] = 0
    return world._replace(
        attempts=_more_slots(world.attempts, it, "free_attempt"),
        callings=_more_slots(world.callings, it, "free_calling"),
        at=_doubled(world.at), number=_doubled(world.number), what=_doubled(world.what),
        ring=_doubled(world.ring[order]),
        timers=np.concatenate([world.timers, _unset(np.zeros_like(world.timers))]),
    )  # fmt: skip


def _doubled(old: Records) -> Records:
    return np.concatenate([old, np.zeros_like(old)])


def _unset(rows: Records) -> Records:
    """Return timers that are not set, or alarms without timers."""
    for name in {"number", "first", "last"} & set(rows.dtype.names or ()):
        rows[name] = NOBODY
    return rows


def _slots(kind: np.dtype[Any]) -> Records:
    slots = np.zeros(ROOM, kind)
    slots["serial"] = NOBODY
    slots["after"] = np.arange(1, ROOM + 1)
    slots["after"][-1] = NOBODY
    return slots


def _more_slots(old: Records, it: Any, free: str) -> Records:
    size, new = len(old), _doubled(old)
    new["serial"][size:] = NOBODY
    new["after"][size:] = np.arange(size + 1, 2 * size + 1)
    new["after"][-1] = it[free]
    it[free] = size
    return new


def _it(layout: Layout, span: Span, bucket_s: float, watch_from: float, spare: int) -> Records:
    it, system = np.zeros(1, IT), layout.system
    first = it[0]
    first["spare"], first["latency"], first["deadlines"] = spare, system.latency_s, system.deadlines
    first["needs_keys"] = any(service.balancer in BY_KEY for service in layout.services)
    first["requests"], first["warm_up"], first["most_inside"] = span.requests, span.warm_up, span.most_inside
    first["until"], first["watch_from"], first["bucket_s"] = span.until, watch_from, bucket_s
    first["batch"] = batch_of(0, span.warm_up, span.requests) if span.requests else -1
    first["bucket_end"], first["batch_end"] = bucket_s, span.edges[0]
    first["edge"] = min(bucket_s, float(span.edges[0]))
    return it


def _services(layout: Layout) -> Records:
    services, there = np.zeros(len(layout.services), SERVICE), layout.there_at_first()
    stage = point = 0
    for place, service in enumerate(layout.services):
        row = services[place]
        row["first"], row["replicas"], row["balancer"] = (
            layout.first_replica[place], service.replicas, WAYS[service.balancer],
        )  # fmt: skip
        row["up"], row["there"] = sum(there[place]), service.servers * sum(there[place])
        row["first_stage"], row["stages"] = stage, len(service.calls)
        row["first_point"], row["points"] = point, len(ring_of(service)[0])
        stage, point = stage + len(service.calls), point + int(row["points"])
    return services


def _replicas(layout: Layout) -> Records:
    replicas, there = np.zeros(layout.first_replica[-1], REPLICA), layout.there_at_first()
    for place, service in enumerate(layout.services):
        for number in range(service.replicas):
            row = replicas[layout.first_replica[place] + number]
            row["service"], row["number"], row["servers"] = place, number, service.servers
            row["there"] = row["up"] = there[place][number]
            row["room"] = ENDLESS if service.room is None else service.room
            row["lifo"], row["drops"], row["holds"] = service.order == "lifo", service.drops_expired, service.holds
            row["speed"] = row["own_speed"] = service.speeds[number] if number < len(service.speeds) else 1.0
            row["weight"] = service.weights[number] if number < len(service.weights) else 1.0
            row["fails"] = service.fails
    return replicas


def _links(layout: Layout) -> Records:
    links, first_pause = np.zeros(len(layout.links), LINK), 0
    for link in layout.links:
        row, call, retry = links[link.number], link.call, link.call.retry
        row["to"], row["copies"], row["chance"], row["optional"] = link.to, call.copies, call.chance, call.optional
        row["timeout"], row["hedge_after"] = call.timeout_s, call.hedge_after_s
        row["attempts"], row["jitter"], row["base"], row["cap"] = (
            retry.attempts, JITTERS[retry.jitter], retry.base_s, retry.cap_s,
        )  # fmt: skip
        row["has_budget"], row["fill"] = retry.budget is not None, retry.budget or 0.0
        row["bucket"] = row["left"] = retry.bucket
        row["first_pause"] = first_pause
        first_pause += len(pauses(retry))
    return links


def _breakers(layout: Layout) -> tuple[Records, Records]:
    """Return the breakers of all links, and room for the results that they look at."""
    breakers, results = np.zeros(len(layout.links), BREAKER), 0
    for link in layout.links:
        if rule := link.call.breaker:
            row = breakers[link.number]
            row["there"], row["window"], row["minimum"], row["trials"] = 1, rule.window, rule.minimum, rule.trials
            row["threshold"], row["open_s"], row["first_result"] = rule.threshold, rule.open_s, results
            results += rule.window
    return breakers, np.zeros(results, np.int64)


def _stages(layout: Layout) -> Records:
    """Return, for each stage of each service in order, its first link and the one behind its last."""
    rows = [
        (stage[0].number, stage[-1].number + 1) if stage else (0, 0) for stages in layout.stages for stage in stages
    ]
    return np.array(rows, dtype=np.int64).reshape(-1, 2)
