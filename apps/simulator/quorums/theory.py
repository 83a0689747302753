"""What is known about quorums? The closed forms of PBS, its Monte Carlo of messages, and availability.

Source: Bailis et al., Probabilistically Bounded Staleness for Practical Partial Quorums, VLDB 2012.
"""

from __future__ import annotations

from itertools import combinations
from math import comb, exp

import numpy as np

from apps.simulator.quorums.system import Store
from apps.simulator.streams import Floats, stream

DRAWN = 100_000  # writes of a Monte Carlo: a share of one half is right within 0.0016


def missed(copies: int, reads: int, writes: int) -> float:
    """Return the chance that a read asks none of the copies that a write reached: C(N-W, R) / C(N, R)."""
    return comb(copies - writes, reads) / comb(copies, reads)


def always_meet(copies: int, reads: int, writes: int) -> bool:
    """Return whether every set of R copies shares a copy with every set of W, by trying all of them."""
    sets = [set(each) for each in combinations(range(copies), writes)]
    return all(asked & set(each) for asked in map(set, combinations(range(copies), reads)) for each in sets)


def within_versions(copies: int, reads: int, writes: int, versions: int) -> float:
    """Return the chance that a read sees one of the last so many versions, if writes never reach more than W copies."""
    return 1 - missed(copies, reads, writes) ** versions


def mean_behind(copies: int, reads: int, writes: int) -> float:
    """Return how many versions a read is behind on average, if writes never reach more than W copies; inf if it can
    see none of them. The sum of missed^k over k from 1."""
    chance = missed(copies, reads, writes)
    return chance / (1 - chance)


def stale_after(copies: int, reads: int, writes: int, mean_s: float, time_s: float) -> float:
    """Return the chance of a stale read so long after the acknowledgement, if writes take an exponential time with this
    mean to reach a copy and all other messages none: missed * e^(-R t / m). What is missing at each of the R copies
    is still on its way, and the exponential law forgets for how long."""
    return missed(copies, reads, writes) * exp(-reads * time_s / mean_s)


def monte_carlo(store: Store, times_s: Floats, seed: int = 1) -> Floats:
    """Return the chance of a stale read at each time after the acknowledgement, from 100,000 single writes (WARS).

    One write and one read of an object that nobody else touches, without partition or repair, in a few array
    operations: another way to compute what the simulation counts. Writes go to all copies.
    """
    random, shape = stream(seed, "WARS"), (DRAWN, store.copies)
    write, ack, ask, answer = (
        leg.draw(random, DRAWN * store.copies).reshape(shape)
        for leg in (store.legs.write, store.legs.ack, store.legs.read, store.legs.answer)
    )
    done = np.partition(write + ack, store.writes - 1, axis=1)[:, store.writes - 1]
    first = np.argpartition(ask + answer, store.reads - 1, axis=1)[:, : store.reads]  # copies are alike: ties are free
    late_by = np.sort(np.take_along_axis(write - ask, first, axis=1).min(axis=1) - done)
    return np.asarray(1 - np.searchsorted(late_by, times_s + 1e-12, side="right") / DRAWN)


def majority_up(copies: int, up: float) -> float:
    """Return the chance that a majority of copies is up, if each is on its own with chance `up`."""
    return sum(comb(copies, k) * up**k * (1 - up) ** (copies - k) for k in range(copies // 2 + 1, copies + 1))


def round_trip(out_s: float, back_s: float, time_s: float) -> float:
    """Return the chance that two exponential messages, one after the other, take at most so long."""
    slow, quick = max(out_s, back_s), min(out_s, back_s)
    if slow <= 0:
        return 1.0
    if slow - quick <= 1e-6 * slow:  # Erlang's law: the other formula would divide nothing by nothing
        return 1 - (1 + time_s / slow) * exp(-time_s / slow)
    last = quick * exp(-time_s / quick) if quick > 0 else 0.0
    return 1 - (slow * exp(-time_s / slow) - last) / (slow - quick)


def answers_percentile(copies: int, answers: int, out_s: float, back_s: float, share: float) -> float:
    """Return a percentile of the time until so many of the copies have answered, in seconds; messages are exponential.

    The binomial chance that enough of independent round trips are over, solved for the time.
    """
    low, high = 0.0, 100 * (out_s + back_s)
    for _ in range(60):
        middle = (low + high) / 2
        one = round_trip(out_s, back_s, middle)
        enough = sum(comb(copies, k) * one**k * (1 - one) ** (copies - k) for k in range(answers, copies + 1))
        low, high = (middle, high) if enough < share else (low, middle)
    return high
