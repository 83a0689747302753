"""Which replica is called? Seven ways to choose among those that the balancer believes to be up."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from apps.simulator.calls.hashing import ring_of
from apps.simulator.calls.system import Service
from apps.simulator.hashing.stable import Ints
from apps.simulator.streams import Draws

NOBODY = -1


class Balancer:
    """The balancer before one service. `open` counts, for each replica, the calls it has not answered yet."""

    def __init__(self, service: Service, chance: Draws, hashes: Ints, up: list[bool]) -> None:
        self.chance, self.hashes, self.up = chance, hashes, up
        self.open = [0] * service.replicas
        self.weights = [*service.weights, *[1.0] * (service.replicas - len(service.weights))]
        self.credit = [0.0] * service.replicas
        self.turn = 0
        points, owners = ring_of(service)
        self.points: list[int] = points.tolist()
        self.owners: list[int] = owners.tolist()
        ways: dict[str, Callable[[int], int]] = {
            "random": self.random, "round-robin": self.round_robin, "weighted": self.weighted,
            "least-connections": self.least_connections, "two-choices": self.two_choices, "ip-hash": self.ip_hash,
            "consistent-hash": self.consistent_hash,
        }  # fmt: skip
        self.way = ways[service.balancer]

    def choose(self, key: int) -> int:
        """Return the replica for a request of client `key`, or NOBODY if none is believed to be up."""
        return self.way(key) if any(self.up) else NOBODY

    def those_up(self) -> list[int]:
        return [replica for replica, up in enumerate(self.up) if up]

    def random(self, _key: int) -> int:
        candidates = self.those_up()
        return candidates[int(self.chance.take() * len(candidates))]

    def round_robin(self, _key: int) -> int:
        while not self.up[self.turn]:
            self.turn = (self.turn + 1) % len(self.up)
        chosen = self.turn
        self.turn = (chosen + 1) % len(self.up)
        return chosen

    def weighted(self, _key: int) -> int:
        """Smooth weighted round robin, as nginx does it: all earn their weight, the richest pays for all."""
        candidates = [replica for replica in self.those_up() if self.weights[replica] > 0]
        chosen, total = NOBODY, 0.0
        for replica in candidates:
            self.credit[replica] += self.weights[replica]
            total += self.weights[replica]
            if chosen == NOBODY or self.credit[replica] > self.credit[chosen]:
                chosen = replica
        if chosen != NOBODY:
            self.credit[chosen] -= total
        return chosen

    def least_connections(self, _key: int) -> int:
        """The one with the fewest open calls; chance decides between equals."""
        candidates = self.those_up()
        fewest = min(self.open[replica] for replica in candidates)
        equals = [replica for replica in candidates if self.open[replica] == fewest]
        return equals[int(self.chance.take() * len(equals))]

    def two_choices(self, key: int) -> int:
        """Two at random, who may be the same; the one with fewer open calls, the first if they are equal."""
        first, second = self.random(key), self.random(key)
        return second if self.open[second] < self.open[first] else first

    def ip_hash(self, key: int) -> int:
        candidates = self.those_up()
        return candidates[int(self.hashes[key]) % len(candidates)]

    def consistent_hash(self, key: int) -> int:
        """The owner of the next point on the ring, or of the one after if that is down."""
        at = bisect_left(self.points, int(self.hashes[key]))
        while not self.up[owner := self.owners[at % len(self.owners)]]:
            at += 1
        return owner
