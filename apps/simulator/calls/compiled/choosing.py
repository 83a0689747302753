"""Which replica is called? The ways of `Balancer`, in the compiled loop."""

from __future__ import annotations

from apps.simulator.calls.compiled.agenda import take
from apps.simulator.calls.compiled.records import NOBODY
from apps.simulator.compiled.jit import inner

RANDOM, ROUND_ROBIN, WEIGHTED, LEAST_CONNECTIONS, TWO_CHOICES, IP_HASH, CONSISTENT_HASH = range(7)
WAYS = {
    "random": RANDOM, "round-robin": ROUND_ROBIN, "weighted": WEIGHTED, "least-connections": LEAST_CONNECTIONS,
    "two-choices": TWO_CHOICES, "ip-hash": IP_HASH, "consistent-hash": CONSISTENT_HASH,
}  # fmt: skip


@inner
def nth_up(w, service, n):  # type: ignore[no-untyped-def]
    """Return the n-th replica that is believed to be up, from 0 on."""
    if service.up == service.replicas:
        return service.first + n
    for replica in range(service.first, service.first + service.replicas):
        if w.replicas[replica].up:
            if n == 0:
                return replica
            n -= 1
    return NOBODY


@inner
def round_robin(w, service):  # type: ignore[no-untyped-def]
    """Return the replica whose turn it is."""
    while not w.replicas[service.first + service.turn].up:
        service.turn = (service.turn + 1) % service.replicas
    chosen = service.turn
    service.turn = (chosen + 1) % service.replicas
    return service.first + chosen


@inner
def weighted(w, service):  # type: ignore[no-untyped-def]
    """Return who has earned most; all have earned their weight, and who is chosen pays for all."""
    chosen, total = NOBODY, 0.0
    for number in range(service.first, service.first + service.replicas):
        replica = w.replicas[number]
        if replica.up and replica.weight > 0:
            replica.credit += replica.weight
            total += replica.weight
            if chosen == NOBODY or replica.credit > w.replicas[chosen].credit:
                chosen = number
    if chosen != NOBODY:
        w.replicas[chosen].credit -= total
    return chosen


@inner
def least_connections(w, service, source):  # type: ignore[no-untyped-def]
    """Return who has the fewest open calls; chance decides between equals."""
    fewest, equals = 0, 0
    for number in range(service.first, service.first + service.replicas):
        replica = w.replicas[number]
        if replica.up:
            if equals == 0 or replica.open < fewest:
                fewest, equals = replica.open, 1
            elif replica.open == fewest:
                equals += 1
    left = int(take(w, source) * equals)
    for number in range(service.first, service.first + service.replicas):
        replica = w.replicas[number]
        if replica.up and replica.open == fewest:
            if left == 0:
                return number
            left -= 1
    return NOBODY


@inner
def two_choices(w, service, source):  # type: ignore[no-untyped-def]
    """Return who has fewer open calls of two taken at random."""
    first = nth_up(w, service, int(take(w, source) * service.up))
    second = nth_up(w, service, int(take(w, source) * service.up))
    return second if w.replicas[second].open < w.replicas[first].open else first


@inner
def consistent_hash(w, service, key):  # type: ignore[no-untyped-def]
    """Return the owner of the next point on the ring, or of the one after if that is down."""
    low, high, sought = 0, service.points, w.hashes[key]
    while low < high:
        middle = (low + high) // 2
        if w.points[service.first_point + middle] < sought:
            low = middle + 1
        else:
            high = middle
    owner = w.owners[service.first_point + low % service.points]
    while not w.replicas[service.first + owner].up:
        low += 1
        owner = w.owners[service.first_point + low % service.points]
    return service.first + owner


@inner
def choose(w, place, key, source):  # type: ignore[no-untyped-def]
    """Return the replica for a request of client `key` among all replicas, or NOBODY; `source` has the chances."""
    service = w.services[place]
    way = service.balancer
    if service.up == 0:
        return NOBODY
    if way == ROUND_ROBIN:
        return round_robin(w, service)
    if way == RANDOM:
        return nth_up(w, service, int(take(w, source) * service.up))
    if way == LEAST_CONNECTIONS:
        return least_connections(w, service, source)
    if way == TWO_CHOICES:
        return two_choices(w, service, source)
    if way == WEIGHTED:
        return weighted(w, service)
    if way == IP_HASH:
        return nth_up(w, service, w.hashes[key] % service.up)
    return consistent_hash(w, service, key)
