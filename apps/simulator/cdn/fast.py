"""How does a content delivery network run fast? Request by request: a fetch is settled when it begins.

Latencies are fixed, so requests reach the shield in the order in which they came, and when an answer will arrive is
known at once. An entry keeps it as `ready` and `then`, and takes it over when somebody looks after that moment. The
numbers are those of the story to the last bit.
"""

from __future__ import annotations

from math import inf
from typing import Any, NamedTuple

import numpy as np

from apps.simulator.cdn.draws import Requests
from apps.simulator.cdn.prewarm import Content
from apps.simulator.cdn.record import HIT, JOINED, MISS, STALE, Record
from apps.simulator.cdn.system import Cdn
from apps.simulator.compiled.jit import loop, step

NONE = -1
HEAD, TAIL, USED, PURGED = range(4)  # columns of `ends`


class Plan(NamedTuple):
    """The network, as numbers."""

    edges: int
    shielded: bool
    edge_s: float
    hop_s: float
    origin_s: float
    ttl_s: float
    stale_s: float
    coalesce: bool
    purge_at_s: float


class Caches(NamedTuple):
    """All caches in one piece: those of the edges, then the shield's. A place holds an object and its neighbours in
    the order of use; `first` is where the places of a cache begin."""

    index: Any  # place by cache and object, or NONE
    ends: Any  # by cache: place used last, place used longest ago, places in use, whether it was purged
    first: Any
    item: Any  # by place, as are the rest
    newer: Any
    older: Any
    expires: Any
    ready: Any  # when what is being fetched arrives; inf: nothing is
    then: Any  # when that expires


@step
def unlink(caches, cache, place):  # type: ignore[no-untyped-def]
    """Take a place out of the order of use."""
    newer, older = caches.newer[place], caches.older[place]
    if newer == NONE:
        caches.ends[cache, HEAD] = older
    else:
        caches.older[newer] = older
    if older == NONE:
        caches.ends[cache, TAIL] = newer
    else:
        caches.newer[older] = newer


@step
def link_first(caches, cache, place):  # type: ignore[no-untyped-def]
    """Make a place the one used last."""
    head = caches.ends[cache, HEAD]
    caches.newer[place], caches.older[place] = NONE, head
    if head == NONE:
        caches.ends[cache, TAIL] = place
    else:
        caches.newer[head] = place
    caches.ends[cache, HEAD] = place


@step
def touch(caches, cache, item):  # type: ignore[no-untyped-def]
    """Return the place of an object, used last; a new one, in the place used longest ago, if it was not there."""
    place = caches.index[cache, item]
    if place != NONE:
        if caches.ends[cache, HEAD] != place:
            unlink(caches, cache, place)
            link_first(caches, cache, place)
        return place
    if caches.ends[cache, USED] < caches.first[cache + 1] - caches.first[cache]:
        place = caches.first[cache] + caches.ends[cache, USED]
        caches.ends[cache, USED] += 1
    else:
        place = caches.ends[cache, TAIL]
        caches.index[cache, caches.item[place]] = NONE
        unlink(caches, cache, place)
    caches.index[cache, item], caches.item[place] = place, item
    caches.expires[place], caches.ready[place] = -inf, inf
    link_first(caches, cache, place)
    return place


@step
def find(plan, caches, cache, item, now):  # type: ignore[no-untyped-def]
    """Return the place of an object; what was purged is gone, and what has arrived by now is there."""
    if now >= plan.purge_at_s and caches.ends[cache, PURGED] == 0:
        caches.index[cache, :] = NONE
        caches.ends[cache, HEAD] = caches.ends[cache, TAIL] = NONE
        caches.ends[cache, USED], caches.ends[cache, PURGED] = 0, 1
    place = touch(caches, cache, item)
    if caches.ready[place] <= now:
        caches.expires[place], caches.ready[place] = caches.then[place], inf
    return place


@step
def fate_of(plan, caches, place, now):  # type: ignore[no-untyped-def]
    """Return how a request that finds this place goes."""
    if now < caches.expires[place]:
        return HIT
    if now < caches.expires[place] + plan.stale_s:
        return STALE
    if caches.ready[place] < inf and plan.coalesce:
        return JOINED
    return MISS


@step
def at_shield(plan, caches, record, number, item, now):  # type: ignore[no-untyped-def]
    """Return when the shield, asked at `now`, has the answer, and when that expires."""
    place = find(plan, caches, plan.edges, item, now)
    fate = fate_of(plan, caches, place, now)
    record.shield[number] = fate
    answer, expires = now, caches.expires[place]
    if fate == JOINED:
        return caches.ready[place], caches.then[place]
    if fate == MISS or (fate == STALE and caches.ready[place] == inf):
        record.origin_at[number] = now
        arrives = now + plan.origin_s
        if caches.ready[place] == inf:
            caches.ready[place], caches.then[place] = arrives, arrives + plan.ttl_s
        if fate == MISS:
            answer, expires = arrives, arrives + plan.ttl_s
    return answer, expires


@step
def fetch(plan, caches, record, number, item, now):  # type: ignore[no-untyped-def]
    """Return when what an edge fetches from `now` on arrives there, and when that expires."""
    if plan.shielded:
        answer, expires = at_shield(plan, caches, record, number, item, now + plan.hop_s)
        return answer + plan.hop_s, expires
    record.origin_at[number] = now
    arrives = now + plan.origin_s
    return arrives, arrives + plan.ttl_s


@loop
def serve(plan, requests, caches, record):  # type: ignore[no-untyped-def]
    """Answer all requests."""
    for number in range(len(requests.came)):
        now, item = requests.came[number], requests.item[number]
        place = find(plan, caches, requests.edge[number], item, now)
        fate = fate_of(plan, caches, place, now)
        record.edge[number] = fate
        answer = now
        if fate == JOINED:
            answer = caches.ready[place]
        elif fate == MISS or (fate == STALE and caches.ready[place] == inf):
            arrives, expires = fetch(plan, caches, record, number, item, now)
            if caches.ready[place] == inf:
                caches.ready[place], caches.then[place] = arrives, expires
            if fate == MISS:
                answer = arrives
        record.latency[number] = answer - now + plan.edge_s


def run(cdn: Cdn, requests: Requests, filled: list[Content], record: Record) -> None:
    """Answer all requests, filling the record."""
    plan = Plan(
        cdn.edges,
        cdn.shielded,
        float(cdn.edge_s),
        float(cdn.half_hop_s),
        float(cdn.origin_s),
        float(cdn.ttl_s),
        float(cdn.stale_s),
        bool(cdn.coalesce),
        float(cdn.purge_at_s),
    )
    serve(plan, requests, caches_with(cdn, filled), record)


def caches_with(cdn: Cdn, filled: list[Content]) -> Caches:
    """Return the caches with what they hold at the start."""
    sizes = [min(cdn.edge_capacity, cdn.objects)] * cdn.edges + [min(cdn.shield_capacity, cdn.objects)] * cdn.shielded
    first = np.concatenate([[0], np.cumsum(sizes)])
    caches = Caches(
        index=np.full((len(sizes), cdn.objects), NONE, dtype=np.int32),
        ends=np.full((len(sizes), 4), NONE, dtype=np.int64),
        first=first,
        item=np.zeros(first[-1], dtype=np.int32),
        newer=np.full(first[-1], NONE, dtype=np.int32),
        older=np.full(first[-1], NONE, dtype=np.int32),
        expires=np.full(first[-1], -inf),
        ready=np.full(first[-1], inf),
        then=np.full(first[-1], inf),
    )
    caches.ends[:, [USED, PURGED]] = 0
    for cache, content in enumerate(filled):
        _fill(caches, cache, content)
    return caches


def _fill(caches: Caches, cache: int, content: Content) -> None:
    """Put objects into an empty cache, the one used last first."""
    count, begin = len(content.items), int(caches.first[cache])
    places = np.arange(begin, begin + count)
    caches.index[cache, content.items] = places
    caches.item[places], caches.expires[places] = content.items, content.expires
    caches.newer[places[1:]], caches.older[places[:-1]] = places[:-1], places[1:]
    if count:
        caches.ends[cache, [HEAD, TAIL, USED]] = places[0], places[-1], count
