"""Which arrays does the replay of a policy need? They are made here, and the loops fill them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.simulator.caches.compiled import adaptive, frequency, optimal, queues, segmented
from apps.simulator.caches.compiled.logs import LINES, NOWHERE
from apps.simulator.caches.reference.adaptive import s3_fifo_rooms
from apps.simulator.caches.reference.frequency import BLOCK, SAMPLE, block_bits, shares
from apps.simulator.caches.reference.segmented import slru_rooms, two_q_rooms

Ints = NDArray[np.int32]


def run(policy: str, trace: Ints, keys: int, capacity: int, number: int, hits: NDArray[np.bool_]) -> None:
    """Replay a trace of the keys 0 to `keys` - 1, one flag a request into `hits`. `number` seeds random eviction."""
    state = np.zeros(keys, dtype=np.int8)
    if policy == "lru":
        queues.lru(trace, capacity, np.full(keys, -1, dtype=np.int32), hits)
    elif policy in ("fifo", "clock"):
        getattr(queues, policy)(trace, capacity, state, np.empty(capacity, dtype=np.int32), hits)
    elif policy == "sieve":
        queues.sieve(trace, capacity, state, np.empty(2 * capacity, dtype=np.int32), hits)
    elif policy == "random":
        queues.random(trace, capacity, state, np.empty(capacity, dtype=np.int32), number, hits)
    elif policy == "lfu":
        links = np.empty((2, keys + len(trace) + 1), dtype=np.int32)
        frequency.lfu(trace, capacity, keys, np.zeros(keys, dtype=np.int32), links[0], links[1], hits)
    elif policy == "slru":
        segmented.slru(trace, capacity, np.array(slru_rooms(capacity)), *_lines(len(trace), keys), hits)
    elif policy == "2q":
        segmented.two_q(trace, capacity, np.array(two_q_rooms(capacity)), *_lines(len(trace), keys), hits)
    elif policy == "s3-fifo":
        rooms = np.array(s3_fifo_rooms(capacity))
        adaptive.s3_fifo(trace, capacity, rooms, *_lines(len(trace), keys), state, hits)
    elif policy == "arc":
        adaptive.arc(trace, capacity, *_lines(len(trace), keys), hits)
    elif policy == "w-tinylfu":
        bits = block_bits(capacity)
        sketch, rooms = np.zeros(BLOCK << bits, dtype=np.int8), np.array(shares(capacity))
        lines = _lines(len(trace), keys)
        frequency.w_tinylfu(trace, capacity, rooms, SAMPLE * capacity, sketch, 32 - bits, *lines, hits)
    else:
        _optimal(trace, keys, capacity, hits)


def _lines(requests: int, keys: int) -> tuple[Any, ...]:
    """Return logs for lines of keys, their starts, ends and sizes, and the place of each key: all empty.

    No line is written to more than once a request, so logs of that length do. What is never written costs no memory.
    """
    logs = np.empty(LINES * (requests + 1), dtype=np.int32)
    starts = np.arange(LINES) * (requests + 1)
    return logs, starts, starts.copy(), np.zeros(LINES, dtype=np.int64), np.full(keys, NOWHERE, dtype=np.int32)


def _optimal(trace: Ints, keys: int, capacity: int, hits: NDArray[np.bool_]) -> None:
    uses = np.empty(len(trace), dtype=np.int32)
    optimal.next_uses(trace, np.full(keys, len(trace), dtype=np.int32), uses)
    floors, places = [0], len(trace)
    while True:
        places = -(-places // optimal.BITS)
        if places == 1:
            break
        floors.append(floors[-1] + places)
    words = np.zeros(floors[-1] + 1, dtype=np.int64)
    optimal.optimal(uses, capacity, words, np.array(floors), hits)
