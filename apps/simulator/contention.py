"""How much work is lost when many clients want to change one row, and how does the pause after a loss change that?

Optimistic locking: a client reads a row and its version, and writes only if the version is still the one it read. Of
those who read the same version one wins; the others pause and read again. The model of AWS's "Exponential Backoff And
Jitter" (2015): each way between client and server takes |N(10, 2)| ms, and nothing else takes time. All times in
seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from apps.simulator.calls.policies import Backoff, Jitter
from apps.simulator.kernel import Simulation
from apps.simulator.streams import Draws, Floats, stream

HOP_MEAN_S, HOP_DEVIATION_S = 0.010, 0.002


@dataclass(frozen=True, slots=True)
class Contest:
    """`clients` begin at the same moment and stop once they have written.

    The pause after loss k = 1, 2, … is p: "none" 0, "fixed" base_s, "exponential" min(cap_s, base_s·2^k). Jitter makes
    it "equal" p/2 + U(0, p/2), "full" U(0, p), "decorrelated" min(cap_s, U(base_s, 3·pause before)), the first pause
    before counting as base_s. Without a backoff there is no jitter either. `attempts`: a client that has lost so often
    gives up; 0: never.
    """

    clients: int
    backoff: Backoff = "exponential"
    jitter: Jitter = "full"
    base_s: float = 0.005
    cap_s: float = 2.0
    attempts: int = 0


class Write(NamedTuple):
    """One attempt to write: whose, when it set out and reached the row, when the answer was back, and if it won."""

    client: int
    sent: float
    came: float
    answered: float
    won: bool


def contend(contest: Contest, seed: int) -> list[Write]:
    """Return every write of one contest, in the order in which they reached the row."""
    story = _Story(contest, seed)
    for client in range(contest.clients):
        story.read(client)
    story.time.run()
    return story.writes


class _Story:
    """One contest. Everybody's ways and pauses come from two sources, so that all policies meet the same network."""

    def __init__(self, contest: Contest, seed: int) -> None:
        self.contest = contest
        self.time = Simulation()
        self.writes: list[Write] = []
        self._version = 0
        self._lost = [0] * contest.clients
        self._last = [contest.base_s] * contest.clients
        self._hops = Draws(partial(_hops, stream(seed, "ways to the row")))
        self._chance = Draws(stream(seed, "pauses").random)

    def read(self, client: int) -> None:
        """Ask for the row."""
        self.time.after(self._hops.take(), self._seen, client)

    def _seen(self, client: int) -> None:
        back = self._hops.take()
        self.time.after(back, self._write, client, self._version)

    def _write(self, client: int, version: int) -> None:
        self.time.after(self._hops.take(), self._written, client, version, self.time.now)

    def _written(self, client: int, version: int, sent: float) -> None:
        won = version == self._version
        self._version += won
        back = self._hops.take()
        self.writes.append(Write(client, sent, self.time.now, self.time.now + back, won))
        if not won:
            self.time.after(back, self._lose, client)

    def _lose(self, client: int) -> None:
        self._lost[client] += 1
        if self._lost[client] != self.contest.attempts:
            self.time.after(self._pause(client), self.read, client)

    def _pause(self, client: int) -> float:
        """Return how long a client waits before it reads again."""
        contest = self.contest
        if contest.backoff == "none":
            return 0.0
        if contest.jitter == "decorrelated":
            longest = 3 * self._last[client]
            drawn = contest.base_s + self._chance.take() * (longest - contest.base_s)
            self._last[client] = min(contest.cap_s, drawn)
            return self._last[client]
        top = contest.base_s
        if contest.backoff == "exponential":
            top = min(contest.cap_s, contest.base_s * 2.0 ** min(self._lost[client], 64))
        if contest.jitter == "none":
            return top
        share = self._chance.take()
        return top / 2 * (1 + share) if contest.jitter == "equal" else top * share


def _hops(random: np.random.Generator, count: int) -> Floats:
    return np.abs(random.normal(HOP_MEAN_S, HOP_DEVIATION_S, count))
