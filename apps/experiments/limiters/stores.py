"""Where does a limiter keep its memory? In Redis, decided there at once or read and written back, or in each gateway.

Each store decides one request: it takes the request's number and returns (when, verdict) in microseconds.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from threading import Lock

import redis
from redis.exceptions import NoScriptError

from apps.experiments.lab_redis import PREFIX
from apps.experiments.limiters.algorithms import RULES, Limiter, Policy
from apps.experiments.limiters.scripts import forgets_after_ms

KEY = f"{PREFIX}limit:alice"  # one customer is enough: each has a key of her own, and they do not meet
COPY_KEY = f"{PREFIX}limit:clone"  # a name of the same length
NUMBER_BYTES = 8
LOST = (redis.ConnectionError, redis.TimeoutError)  # Redis did not answer

Decide = Callable[[int], tuple[int, int]]
Micro = Callable[[], int]  # microseconds since the start of the run


class Atomic:
    """The script decides, in one round trip and on the server's clock. `epoch` is asked for at the first decision."""

    def __init__(self, client: redis.Redis, text: str, epoch: Callable[[], int]) -> None:
        self._client, self._text, self._epoch_of = client, text, epoch
        self._sha, self._epoch = client.script_load(text), b""

    def __call__(self, i: int) -> tuple[int, int]:
        """Return when request `i` was decided, and how."""
        if not self._epoch:
            self._epoch = b"%d" % self._epoch_of()
        try:
            at, verdict = self._client.evalsha(self._sha, 1, KEY, self._epoch)
        except NoScriptError:  # the server was started again, and knows no scripts
            self._client.script_load(self._text)
            return self(i)
        return at, verdict


class Naive:
    """The gateway reads, decides, and writes back: two round trips, between which others read the same."""

    def __init__(self, client: redis.Redis, algorithm: str, policy: Policy, now: Micro) -> None:
        self._client, self._rule, self._policy, self._now = client, RULES[algorithm], policy, now
        self._ttl_ms = forgets_after_ms(policy)
        self.gaps: list[int] = []  # between each read and its write, in microseconds

    def __call__(self, i: int) -> tuple[int, int]:
        """Return when request `i` was decided, and how."""
        asked = self._now()
        remembered: bytes | None = self._client.get(KEY)  # type: ignore[assignment]  # it does not decode
        at = self._now()
        verdict, state = self._rule(self._policy, tuple(array("q", remembered or b"")), at)
        if verdict >= 0:
            writes = self._now()
            self._client.psetex(KEY, self._ttl_ms, array("q", state).tobytes())
            # From the middle of one round trip, when Redis reads, to the middle of the other.
            self.gaps.append((writes + self._now() - asked - at) // 2)
        return at, verdict


class Local:
    """Each gateway has a limiter in its own memory; requests are dealt out to the gateways in turn."""

    def __init__(self, nodes: int, algorithm: str, policy: Policy, now: Micro) -> None:
        self._nodes = [(Lock(), Limiter(algorithm, policy)) for _ in range(nodes)]
        self._now = now

    def __call__(self, i: int) -> tuple[int, int]:
        """Return when request `i` was decided, and how."""
        lock, limiter = self._nodes[i % len(self._nodes)]
        with lock:
            at = self._now()
            return at, limiter(at)

    def bytes(self) -> int:
        """Return the size of what all gateways remember of one customer, at eight bytes a number."""
        return NUMBER_BYTES * sum(len(limiter.state) for _, limiter in self._nodes)


def decide_in_order(client: redis.Redis, sha: str, moments: Sequence[int]) -> list[tuple[int, int]]:
    """Return the script's decisions at given moments (microseconds), asked for in one go and decided in order."""
    pipeline = client.pipeline(transaction=False)
    for now in moments:
        pipeline.evalsha(sha, 1, KEY, 0, now)
    return [(at, verdict) for at, verdict in pipeline.execute()]


def bytes_in_redis(client: redis.Redis) -> int:
    """Return what Redis says that the customer's key takes, name and overhead included; 0 without one.

    Of a copy, for a script leaves its key up to 16 bytes larger, in buffers that Redis uses again by chance.
    """
    pipeline = client.pipeline(transaction=False)
    pipeline.copy(KEY, COPY_KEY, replace=True)
    pipeline.memory_usage(COPY_KEY, samples=0)
    pipeline.delete(COPY_KEY)
    return int(pipeline.execute()[1] or 0)
