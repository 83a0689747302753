"""How much memory makes Redis hold exactly so many products? Ask for the size of one, then keep counting keys."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import inf

from apps.experiments.caches.entry import body, key, pack
from apps.experiments.lab_redis import LabRedis

CLOSE_ENOUGH = 0.005  # share of the capacity
SLOT_BYTES = 8  # of a hash table, which doubles when it is full
MORTAL_BYTES = 32  # an entry in the table of expiry times, besides its slot
RECENT = 4


class MemoryLimit:
    """Keeps `maxmemory` such that `capacity` products fit.

    `maxmemory` covers more than the products: the buffers of the clients, 32 KB each while a client is busy. The
    server shrinks them ten times a second and the next command lets them grow again; so the highest of the last
    few readings counts, for it is then that products have to go. What is still wrong shows in the count of keys
    of a full cache, and moves the limit.
    """

    def __init__(
        self, redis: LabRedis, capacity: int, *, limited: bool, mortal: bool, others: Callable[[], int]
    ) -> None:
        """`limited` unless everything fits; `mortal` if entries have a time to live; `others` counts other keys."""
        self._limited, self._redis, self._capacity, self._others = limited, redis, capacity, others
        self._evicted_before, self._refused_before = self._evicted(), 0
        slots = 2 ** (capacity - 1).bit_length() / capacity * SLOT_BYTES
        self._bytes_each = self._bytes_of_one() + slots + (MORTAL_BYTES + slots if mortal else 0)
        self._overheads = deque([float(self._used())], maxlen=RECENT)
        self._limit, self._was_full = 0.0, False
        self._set(self._overheads[0] + capacity * self._bytes_each)

    def follow(self, refused: int) -> int | None:
        """Count the keys and move the limit if need be. Returns the keys, or None if the cache was never full.

        It is full while it has evicted something, or `refused` more writes, since this was last asked.
        """
        keys, evicted = self._redis.keys() - self._others(), self._evicted()
        full = evicted > self._evicted_before or refused > self._refused_before
        self._evicted_before, self._refused_before = evicted, refused
        self._overheads.append(self._used() - keys * self._bytes_each)
        missing = self._capacity - keys
        if not full:
            self._set(max(self._overheads) + self._capacity * self._bytes_each)
        elif abs(missing) > max(1.0, CLOSE_ENOUGH * self._capacity):
            self._set(self._limit + missing * self._bytes_each)
        self._was_full = self._was_full or full
        return keys if self._was_full else None

    def restarted(self) -> None:
        """Begin to count anew after the server was started again."""
        self._evicted_before = self._evicted()
        self._overheads.clear()

    def _bytes_of_one(self) -> int:
        """Return what Redis says that one product takes, its key and entry included."""
        self._redis.control.set(key(1), pack(1, inf, 0.0, body(1)))
        used = int(self._redis.control.memory_usage(key(1)) or 0)
        self._redis.flush()
        return used

    def _used(self) -> int:
        return int(self._redis.info("memory")["used_memory"])

    def _evicted(self) -> int:
        return int(self._redis.info("stats")["evicted_keys"])

    def _set(self, limit: float) -> None:
        self._limit = limit
        if not self._limited:
            return
        self._redis.configure({"maxmemory": str(int(limit))})
