"""Which random numbers does a store need? A row for each write and the read that follows, the same for every engine.

Each source has its own stream: with other quorums, or with a partition, the same clients come at the same moments and
their messages take as long.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.simulator.quorums.system import Store
from apps.simulator.services import Service
from apps.simulator.streams import Floats, stream


class Draws(NamedTuple):
    """What was drawn. One row a pair of write and read; where it says so, a column a copy. Times in seconds."""

    start: Floats  # when the write begins
    object: NDArray[np.int64]
    after: Floats  # from the end of the write to the read
    far_writer: NDArray[np.bool_]  # on the side that a partition cuts off
    far_reader: NDArray[np.bool_]
    sent_to: NDArray[np.bool_]  # by copy: whether the write goes there
    order: NDArray[np.int64]  # by copy: in which order a read asks, for answers that come at the same moment
    write: Floats  # by copy, as are the rest
    ack: Floats
    read: Floats
    answer: Floats
    mend: Floats


def draw(store: Store, seed: int, seconds: float) -> Draws:
    """Return the numbers of a run whose writes begin within so many seconds."""
    start = _moments(store.rate, seconds, stream(seed, "writes"))
    count, copies = len(start), store.copies
    low, high = store.read_after_s
    far = store.cut.far_clients if store.cut else 0.0

    def legs(service: Service, name: str) -> Floats:
        return service.draw(stream(seed, name), count * copies).reshape(count, copies)

    ranks = stream(seed, "copies of a write").random((count, copies)).argsort(axis=1).argsort(axis=1)
    return Draws(
        start=start,
        object=stream(seed, "objects").integers(0, store.objects, count),
        after=low + (high - low) * stream(seed, "pauses").random(count),
        far_writer=stream(seed, "sides of writers").random(count) < far,
        far_reader=stream(seed, "sides of readers").random(count) < far,
        sent_to=(ranks < (copies if store.spread else store.writes)),
        order=stream(seed, "order of reads").random((count, copies)).argsort(axis=1),
        write=legs(store.legs.write, "write legs"),
        ack=legs(store.legs.ack, "ack legs"),
        read=legs(store.legs.read, "read legs"),
        answer=legs(store.legs.answer, "answer legs"),
        mend=legs(store.legs.write, "repair legs"),
    )


def _moments(rate: float, seconds: float, random: np.random.Generator) -> Floats:
    """Return the moments of a Poisson stream within so many seconds; six deviations more are drawn than expected."""
    expected = rate * seconds
    gaps = random.standard_exponential(int(expected + 6 * expected**0.5 + 10)) / rate
    times = np.cumsum(gaps)
    return times[times < seconds]
