"""What is a content delivery network? Edges near the clients, perhaps a shield behind them, and the origin."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf


class CdnError(ValueError):
    """A network that cannot be: the message says what to change."""


@dataclass(frozen=True, slots=True)
class Cdn:
    """`edges` equal caches that share the requests evenly, one `shield` cache behind all of them if it has room, and an
    origin that has every object. All evict what was asked for longest ago (LRU).

    Requests come at `rate` per second and ask for `objects` by Zipf's law with exponent `alpha`. Latencies are round
    trips in seconds: client to edge, edge to shield, and to the origin from whoever asks it. What the origin sends is
    fresh for `ttl_s` from its arrival, wherever it is copied to (the Age header of HTTP); for `stale_s` more it is
    served stale while it is fetched anew. With `coalesce` a request for something that is being fetched waits for it;
    without, it is fetched again. At `purge_at_s` all caches are emptied.
    """

    edges: int
    edge_capacity: int
    shield_capacity: int  # 0: no shield
    objects: int
    alpha: float
    rate: float
    edge_s: float
    shield_s: float
    origin_s: float
    ttl_s: float = inf
    stale_s: float = 0.0
    coalesce: bool = True
    purge_at_s: float = inf

    def __post_init__(self) -> None:
        if self.edges < 1 or self.edge_capacity < 1 or self.objects < 1 or self.shield_capacity < 0:
            raise CdnError("There is at least one edge, room for one object in it, and one object to ask for.")

    @property
    def shielded(self) -> bool:
        """Return whether there is a shield."""
        return self.shield_capacity > 0

    @property
    def half_hop_s(self) -> float:
        """Return the way from an edge to the shield, in seconds."""
        return self.shield_s / 2
