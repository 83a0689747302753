"""How fast can one first-come-first-served queue run? Without a list of events: a customer begins when one is free.

Lindley's recursion, for c servers with the Kiefer-Wolfowitz list of the times at which they are free. Customers are
counted in the order of their arrival; the times are those of the story to the last bit.
"""

from __future__ import annotations

import numpy as np

from apps.simulator.compiled.counting import batch_of, count_through, count_visit, write_visit
from apps.simulator.compiled.jit import loop
from apps.simulator.sources import Sources
from apps.simulator.statistics import Tallies
from apps.simulator.streams import Floats


@loop
def busiest_last(free, leaves):  # type: ignore[no-untyped-def]
    """Replace the earliest of the times at which servers are free; `free` is a heap, the earliest first."""
    at, size = 0, len(free)
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and free[child + 1] < free[child]:
            child += 1
        if free[child] >= leaves:
            break
        free[at] = free[child]
        at = child
    free[at] = leaves


@loop
def carry_over(tallies, batch, free, now):  # type: ignore[no-untyped-def]
    """Move what is still to be done at the edge of a batch into it, out of the one before: it is busy time of later."""
    left = 0.0
    for leaves in free:
        left += max(0.0, leaves - now)
    if batch > 0:
        tallies.busy_area[0, batch - 1] -= left
    if batch < len(tallies.seconds):
        tallies.busy_area[0, batch] += left


@loop
def serve(arrivals, work, free, first, customers, warm_up, tallies, edges, log):  # type: ignore[no-untyped-def]
    """Serve a block of customers, the first of whom is number `first`; returns how many were served."""
    for i in range(len(arrivals)):
        number = first + i
        if number == customers:
            return i
        came = arrivals[i]
        batch = batch_of(number, warm_up, customers)
        if batch >= 0 and edges[batch] < 0.0:
            edges[batch] = came
            carry_over(tallies, batch, free, came)
        began = max(came, free[0])
        leaves = began + work[i]
        busiest_last(free, leaves)
        if number < len(log):
            write_visit(log, number, number, 0, came, began - came, leaves)
        if batch >= 0:
            count_visit(tallies, 0, batch, began - came, leaves - came)
            count_through(tallies, batch, leaves - came)
            tallies.queue_area[0, batch] += began - came
            tallies.busy_area[0, batch] += work[i]
            edges[-1] = came
    return len(arrivals)


def run(sources: Sources, servers: int, customers: int, warm_up: int, tallies: Tallies, log: Floats) -> None:
    """Run the queue until so many customers have come, filling tallies and log.

    The waiting area is that of the batch's own customers, so that Little's law ties it to the waits by construction;
    the busy area is that of the batch's own seconds, so that no server is busy for longer than there is time.
    """
    free, edges, first = np.zeros(servers), np.full(len(tallies.seconds) + 1, -1.0), 0
    while first < customers:
        block = sources.arrival[0].block()
        first += serve(block, sources.work[0].block(), free, first, customers, warm_up, tallies, edges, log)
    carry_over(tallies, len(tallies.seconds), free, edges[-1])
    tallies.seconds[:] = np.diff(edges)
