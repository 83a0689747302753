"""What hit ratio does theory promise for a cache in its steady state? What the simulator's closed forms say."""

from __future__ import annotations

from apps.simulator.caches.theory import fifo, lru, overall, perfect_lfu, random, ttl

__all__ = ["fifo", "lru", "overall", "perfect_lfu", "random", "ttl"]
