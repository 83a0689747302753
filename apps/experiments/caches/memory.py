"""How much memory makes Redis hold exactly so many products? Fill it once, measure, then keep counting keys."""

from __future__ import annotations

from apps.experiments.caches.products import body, key
from apps.experiments.lab_redis import LabRedis

BATCH = 2000
CLOSE_ENOUGH = 0.005  # share of the capacity


class MemoryLimit:
    """Keeps `maxmemory` such that `capacity` products fit.

    `maxmemory` covers more than the products: the buffers of the clients come and go with their traffic, by more
    than a small cache holds. So one entry is measured by filling Redis once, and `follow` sets the limit anew
    while the cache fills, and moves it by what the count of keys is off once it is full.
    """

    def __init__(self, redis: LabRedis, capacity: int, *, mortal: bool) -> None:
        self._redis, self._capacity = redis, capacity
        self._evicted_before, self._refused_before = self._evicted(), 0
        empty = self._used()
        if (capacity, mortal) not in redis.facts:
            redis.facts[capacity, mortal] = self._fill(mortal) - empty
        self._bytes_each = redis.facts[capacity, mortal] / capacity
        self._limit = 0.0
        self._set(empty + redis.facts[capacity, mortal])

    def follow(self, refused: int) -> int | None:
        """Count the keys and move the limit if need be. Returns the keys of a full cache, None if it is not full.

        A cache is full if it has evicted something, or `refused` more writes, since this was last asked.
        """
        keys, evicted = self._redis.keys(), self._evicted()
        full = evicted > self._evicted_before or refused > self._refused_before
        self._evicted_before, self._refused_before = evicted, refused
        missing = self._capacity - keys
        if not full:
            self._set(self._used() + missing * self._bytes_each)
        elif abs(missing) > max(1.0, CLOSE_ENOUGH * self._capacity):
            self._set(self._limit + missing * self._bytes_each)
        return keys if full else None

    def _fill(self, mortal: bool) -> int:
        """Return the bytes used with `capacity` products inside, and leave the cache empty again."""
        for first in range(1, self._capacity + 1, BATCH):
            pipeline = self._redis.control.pipeline(transaction=False)
            for product in range(first, min(first + BATCH, self._capacity + 1)):
                pipeline.set(key(product), body(product), px=3_600_000 if mortal else None)
            pipeline.execute()
        used = self._used()
        self._redis.flush()
        return used

    def _used(self) -> int:
        return int(self._redis.info("memory")["used_memory"])

    def _evicted(self) -> int:
        return int(self._redis.info("stats")["evicted_keys"])

    def _set(self, limit: float) -> None:
        self._limit = limit
        self._redis.configure({"maxmemory": str(int(limit))})
