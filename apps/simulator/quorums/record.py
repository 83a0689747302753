"""What is written down while a store runs? A row for each pair of write and read, and the messages of a few of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.simulator.streams import Floats

FAILED = -1


class Record(NamedTuple):
    """What happened, one row a pair of write and read. Times in seconds; NaN: the operation failed."""

    write_s: Floats  # how long the write took
    read_at: Floats  # when the read began
    since: Floats  # from the newest acknowledged write of the object to that moment; inf: there was none
    read_s: Floats
    behind: NDArray[np.int64]  # how many versions the answer was behind that write; 0: fresh, FAILED: no answer


class Messages(NamedTuple):
    """When the messages of the watched pairs arrived, a row each, a column a copy; inf: never sent, lost or not
    watched long enough."""

    stored: Floats  # the write, at the copy
    acked: Floats  # its acknowledgement, at the client
    asked: Floats  # the read request, at the copy
    answered: Floats  # the answer, at the client
    old: NDArray[np.bool_]  # whether that answer was older than the newest acknowledged write


def empty_record(count: int) -> Record:
    """Return a record of nothing."""
    return Record(
        write_s=np.full(count, np.nan),
        read_at=np.full(count, np.nan),
        since=np.full(count, np.inf),
        read_s=np.full(count, np.nan),
        behind=np.full(count, FAILED, dtype=np.int64),
    )


def no_messages(count: int, copies: int) -> Messages:
    """Return room for the messages of so many pairs."""
    stored, acked, asked, answered = np.full((4, count, copies), np.inf)
    return Messages(stored, acked, asked, answered, np.zeros((count, copies), dtype=np.bool_))
